import { checkRange } from '../../backend/index.js';
import { checkWhole, given } from '../../core/check.js';
import { type Complexified, type DType, type Floating, isComplex, type PartDType } from '../../core/dtype.js';
import { DTypeError, ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { fill, tensor } from '../../tensor/create.js';
import type { Optional, Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { indexAdd, indexSelect } from '../indexing/index_select.js';
import { expand } from '../shape/expand.js';
import { type PadMode, pad } from '../shape/pad.js';
import { transpose } from '../shape/permute.js';
import { reshape } from '../shape/reshape.js';
import { slice } from '../shape/slice.js';
import { fft, ifft } from './complex_fft.js';
import { irfft, rfft } from './real_fft.js';

export interface STFTOptions {
  /** Samples of a frame, the length of its transform; whole, ≥ 1. */
  nFft: number;
  /** Samples from a frame to the next; whole, ≥ 1; default ⌊nFft / 4⌋. */
  hopLength?: number;
  /** Samples that the window covers, in the middle of the frame; default nFft. */
  winLength?: number;
  /** [winLength]; default ones. */
  window?: Optional;
  /** Whether frame t has its middle at t · hopLength, the signal continued at both ends; default true. */
  center?: boolean;
  /** How it is continued; default 'reflect'. */
  padMode?: PadMode | 'constant';
  /** Divides by √nFft; default false. */
  normalized?: boolean;
  /** Half of the spectrum, which the other mirrors; default true for a real signal. */
  onesided?: boolean;
}

export interface ISTFTOptions extends Omit<STFTOptions, 'padMode'> {
  /** Samples of the result; default all that frames cover. */
  length?: number;
  /** A complex signal, of a whole spectrum; default false. */
  returnComplex?: boolean;
}

/** What both directions need, checked: the hop, and the window as long as a frame; null for ones. */
function checkFrames(op: string, options: STFTOptions | ISTFTOptions): { hop: number; frame: Tensor | null } {
  const { nFft, hopLength, winLength = nFft, window } = given(options);
  checkWhole(op, 'nFft', nFft, 1);
  const hop = hopLength ?? Math.floor(nFft / 4);
  checkWhole(op, 'hopLength', hop, 1);
  checkWhole(op, 'winLength', winLength, 1);
  if (winLength > nFft) throw new ValueError(`${op}: winLength must be at most nFft ${nFft}; got ${winLength}`);
  if (window) {
    checkRank(op, 'window', window, ['winLength']);
    if (window.size !== winLength) {
      throw new ShapeError(`${op}: window must be [${winLength}], one for each sample; got ${show(window.shape)}`);
    }
  } else if (winLength === nFft) return { hop, frame: null };
  const before = Math.floor((nFft - winLength) / 2);
  const values = window ?? fill([winLength], 1, 'float32');
  return { hop, frame: pad(values, [[before, nFft - winLength - before]]) as Tensor };
}

/** Where the samples of frames lie in the signal, one frame behind another. */
const places = (frames: number, nFft: number, hop: number): Tensor<[number], 'int32'> =>
  tensor(Int32Array.from({ length: frames * nFft }, (_, i) => Math.floor(i / nFft) * hop + (i % nFft)));

/**
 * The short-time Fourier transform: spectra of frames of a signal, each multiplied by a window.
 *
 *   yₖₜ = Σⱼ wⱼ x[t · hopLength + j] e^(−2πi jk / nFft)
 *
 * @param x  [length] or [batch, length]
 * @returns  [..., ⌊nFft / 2⌋ + 1 or nFft frequencies, frames] complex; 1 + ⌊(length − nFft) / hopLength⌋ frames of what the
 *           signal and its continuations have
 * @throws ShapeError "stft: a frame of 8 samples does not fit into 5; got shape [5]; use a shorter nFft, or pad";
 *         DTypeError for half of the spectrum of a complex signal
 * @source Allen, Rabiner 1977, "A unified approach to short-time Fourier analysis and synthesis", Proceedings of the IEEE 65
 */
export function stft<D extends DType>(x: Tensor<any, D>, options: STFTOptions): Tensor<any, Complexified<D>> {
  checkRank('stft', 'x', x, ['...', 'length']);
  const { hop, frame } = checkFrames('stft', options);
  const { nFft, center = true, padMode = 'reflect', normalized = false, onesided = !isComplex(x.dtype) } = options;
  if (onesided && isComplex(x.dtype)) {
    throw new DTypeError(`stft: a ${x.dtype as DType} signal has a whole spectrum; pass onesided: false`);
  }
  const half = Math.floor(nFft / 2);
  const signal = (center ? pad(x, [[half, half]], padMode === 'constant' ? 0 : padMode) : x) as Tensor;
  const length: number = signal.shape[signal.rank - 1];
  if (length < nFft) {
    throw new ShapeError(
      `stft: a frame of ${nFft} samples does not fit into ${length}; got shape ${show(x.shape)}; use a shorter nFft, or pad`,
    );
  }
  const frames = 1 + Math.floor((length - nFft) / hop);
  const cut = indexSelect(signal, signal.rank - 1, places(frames, nFft, hop)) as Tensor;
  const apart = reshape(cut, [...signal.shape.slice(0, -1), frames, nFft]) as Tensor;
  const windowed = (frame ? mul(apart, frame) : apart) as Tensor;
  const norm = normalized ? 'ortho' : 'backward';
  return transpose(onesided ? rfft(windowed, { norm }) : fft(windowed, { norm })) as Tensor;
}

/**
 * The inverse of `stft` by the least squares: frames are transformed back, multiplied by the window and added up, and the sum
 * divided by that of the windows' squares.
 *
 * @param x  [..., frequencies, frames] complex
 * @returns  [..., length] float32, of complex128 float64
 * @throws ValueError "istft: the windows' squares must not add up to 0 anywhere; got 0 at sample 0; use a window or a hop that
 *         covers all samples, or center: true"
 * @source Griffin, Lim 1984, "Signal estimation from modified short-time Fourier transform", IEEE Transactions on Acoustics,
 *         Speech, and Signal Processing 32, equation 6
 */
export function istft<D extends DType>(x: Tensor<any, D>, options: ISTFTOptions): Tensor<any, Floating<PartDType<D>>> {
  checkRank('istft', 'x', x, ['...', 'frequencies', 'frames']);
  const { hop, frame } = checkFrames('istft', options);
  const { nFft, center = true, normalized = false, returnComplex = false, onesided = !returnComplex, length } = options;
  if (!isComplex(x.dtype)) throw new DTypeError(`istft: the spectrum must be complex; got ${x.dtype as DType}`);
  if (onesided && returnComplex)
    throw new ValueError('istft: half of a spectrum has a real signal; pass onesided: false');
  const frequencies = onesided ? Math.floor(nFft / 2) + 1 : nFft;
  const frames: number = x.shape[x.rank - 1];
  if (x.shape[x.rank - 2] !== frequencies || frames === 0) {
    throw new ShapeError(
      `istft: x must have ${frequencies} frequencies and at least one frame for nFft ${nFft}; got ${show(x.shape)}`,
    );
  }
  const norm = normalized ? 'ortho' : 'backward';
  const spectra = transpose(x) as Tensor;
  const signals: Tensor = onesided
    ? irfft(spectra, { n: nFft, norm })
    : returnComplex
      ? ifft(spectra, { norm })
      : ifft(spectra, { norm }).real();
  const total = nFft + hop * (frames - 1);
  const at = places(frames, nFft, hop);
  const batch: number[] = x.shape.slice(0, -2);
  const added = (values: Tensor): Tensor => {
    const shape: number[] = [...values.shape.slice(0, -2), total];
    const row = reshape(values, [...values.shape.slice(0, -2), frames * nFft]) as Tensor;
    return indexAdd(fill(shape, 0, values.dtype) as Tensor, shape.length - 1, at, row) as Tensor;
  };
  const windowed = (frame ? mul(signals, frame) : signals) as Tensor;
  const weight: Tensor = frame ?? fill([nFft], 1, 'float32');
  const squares = added(expand(mul(weight, weight) as Tensor, [frames, nFft]) as Tensor);
  const start = center ? Math.floor(nFft / 2) : 0;
  const covered = total - start;
  const stop = length === undefined ? (center ? total - start : total) : start + length;
  if (length !== undefined) checkWhole('istft', 'length', length, 0);
  const weights = slice(squares, [start, Math.min(stop, total)]);
  checkRange(
    weights.detach(),
    { low: 1e-11, high: Infinity },
    (value, sample) =>
      new ValueError(
        `istft: the windows' squares must not add up to 0 anywhere; got ${value} at sample ${sample}; use a window or a hop that covers all samples, or center: true`,
      ),
  );
  const signal = div(slice(added(windowed), '...', [start, Math.min(stop, total)]), weights) as Tensor;
  if (length === undefined || length <= covered) return signal as Tensor;
  return pad(signal, [...batch.map(() => [0, 0] as const), [0, length - covered]]) as Tensor;
}
