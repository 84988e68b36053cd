import { type Complexified, type DType, type Floating, type PartDType, toComplexDType } from '../../core/dtype.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { to } from '../shape/to.js';
import { fftn, ifftn } from './complex_fft.js';
import { checkLength, checkLengths, type FFTNOptions, type FFTOptions, resize, scaleOf } from './options.js';
import { halfTransform, realTransform } from './transform.js';

/** Real numbers as they are transformed: float32, or float64. */
const asReal = (x: Tensor): Tensor => to(x, x.dtype === 'float64' ? 'float64' : 'float32');

function toHalf(op: string, x: Tensor, { n, axis = -1, norm = 'backward' }: FFTOptions): Tensor {
  checkTensor(op, x);
  const found = checkLength(op, x, n, axis);
  return halfTransform(resize(asReal(x), found.axis, found.n), found.axis, scaleOf(op, norm, found.n, false));
}

function fromHalf(op: string, x: Tensor, { n, axis = -1, norm = 'backward' }: FFTOptions): Tensor {
  checkTensor(op, x);
  const { axis: at } = checkLength(op, x, undefined, axis);
  const { n: length } = checkLength(op, x, n ?? Math.max(2 * (x.shape[at] - 1), 1), axis);
  const half = resize(to(x, toComplexDType(x.dtype)), at, Math.floor(length / 2) + 1);
  return realTransform(half, at, length, scaleOf(op, norm, length, true));
}

/** The axes but the last, with their lengths, for a complex transform; and the last one's options. */
function apart(op: string, x: Tensor, options: FFTNOptions): [others: FFTNOptions, last: FFTOptions] {
  checkTensor(op, x);
  const { norm = 'backward' } = options;
  const all = checkLengths(op, x, options);
  if (all.length === 0) throw new ShapeError(`${op}: at least one axis is needed; got none of shape ${show(x.shape)}`);
  const others = all.slice(0, -1);
  const { axis, n } = all[all.length - 1];
  return [
    { axes: others.map((each) => each.axis), s: others.map((each) => each.n ?? -1), norm },
    { axis, norm, ...(n !== undefined && { n }) },
  ];
}

/**
 * The discrete Fourier transform of real numbers along one axis: the first half of it, which the other mirrors. Of an even
 * length at half the cost of `fft`.
 *
 *   yₖ = Σⱼ xⱼ e^(−2πi jk / n),  k = 0 … ⌊n / 2⌋
 *
 * @param x  [..., n, ...] real; integers and bfloat16 are taken as float32
 * @returns  [..., ⌊n / 2⌋ + 1, ...] complex64, of float64 complex128
 * @throws ShapeError "rfft: there is no transform of zero elements; got axis 0 of shape [0]"; ValueError for n < 1, another norm
 */
export const rfft = <D extends DType>(x: Tensor<any, D>, options: FFTOptions = {}): Tensor<any, Complexified<D>> =>
  toHalf('rfft', x, options);

/**
 * The inverse of `rfft`. The imaginary part of what is its own mirror, the first number and for an even n the one in the
 * middle, is taken for 0.
 *
 * @param x          [..., ⌊n / 2⌋ + 1, ...]
 * @param options.n  of the result; default 2 (m − 1) for m numbers, which is even
 * @returns          [..., n, ...] float32, of complex128 float64
 */
export const irfft = <D extends DType>(
  x: Tensor<any, D>,
  options: FFTOptions = {},
): Tensor<any, Floating<PartDType<D>>> => fromHalf('irfft', x, options) as Tensor;

/** `rfft` along the last of several axes, and `fftn` along the others. */
export const rfftn = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  realN('rfftn', x, options);

/** The inverse of `rfftn`; `s` says how long the last axis is, as `n` of `irfft` does. */
export const irfftn = <D extends DType>(
  x: Tensor<any, D>,
  options: FFTNOptions = {},
): Tensor<any, Floating<PartDType<D>>> => inverseRealN('irfftn', x, options) as Tensor;

/** `rfftn` along two axes; default the last two. */
export const rfft2 = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  realN('rfft2', x, { axes: [-2, -1], ...options });

/** The inverse of `rfft2`. */
export const irfft2 = <D extends DType>(
  x: Tensor<any, D>,
  options: FFTNOptions = {},
): Tensor<any, Floating<PartDType<D>>> => inverseRealN('irfft2', x, { axes: [-2, -1], ...options }) as Tensor;

function realN(op: string, x: Tensor, options: FFTNOptions): Tensor {
  const [others, last] = apart(op, x, options);
  return fftn(toHalf(op, x, last), others);
}

function inverseRealN(op: string, x: Tensor, options: FFTNOptions): Tensor {
  const [others, last] = apart(op, x, options);
  return fromHalf(op, ifftn(x, others), last);
}
