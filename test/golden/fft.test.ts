import * as adjoint from 'adjoint';
import { fft, type Tensor } from 'adjoint';
import { asPairs } from '../complex.js';
import { type Case, type Float, golden, type Model } from './golden.js';

type Op = (...operands: any[]) => Tensor;

/** What takes more than its operands and the options or arguments that stand in the case. */
const others: Record<string, (params: Record<string, any>, float: Float) => Op> = {
  fftfreq:
    ({ n, d }, dtype) =>
    () =>
      fft.fftfreq(n, { d, dtype }),
  rfftfreq:
    ({ n, d }, dtype) =>
    () =>
      fft.rfftfreq(n, { d, dtype }),
  stft:
    ({ options }) =>
    (x, window) =>
      adjoint.stft(x, { ...options, window }),
  istft:
    ({ options }) =>
    (x, window) =>
      adjoint.istft(x, { ...options, window }),
};

/** Of a whole spectrum PyTorch reads the first half alone; ours is the real part of what all of it says. */
const ofHalf = ['istft [2, 8, 4] nFft 8 hopLength 4 onesided False None'];

const model = ({ params }: Case, float: Float): Model => {
  const op = params['op'] as string;
  const named = (Reflect.get(fft, op) ?? Reflect.get(adjoint, op)) as Op;
  const rest = params['options'] === undefined ? (params['args'] ?? []) : [params['options']];
  const compute = others[op]?.(params, float) ?? ((...operands: any[]) => named(...operands, ...rest));
  // Operands of which the name begins with z are pairs of real and imaginary part.
  return (inputs) => {
    const operands = Object.entries(inputs).map(([name, x]) => (name.startsWith('z') ? adjoint.viewAsComplex(x) : x));
    return asPairs(compute(...operands));
  };
};
golden('fft', model, ofHalf);
