import { type Complexified, type DType, toComplexDType } from '../../core/dtype.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { to } from '../shape/to.js';
import { checkLength, checkLengths, type FFTNOptions, type FFTOptions, resize, scaleOf } from './options.js';
import { transform } from './transform.js';

function alongAxis(op: string, x: Tensor, inverse: boolean, { n, axis = -1, norm = 'backward' }: FFTOptions): Tensor {
  checkTensor(op, x);
  const found = checkLength(op, x, n, axis);
  const signal = resize(to(x, toComplexDType(x.dtype)), found.axis, found.n);
  return transform(signal, found.axis, inverse, scaleOf(op, norm, found.n, inverse));
}

function alongAxes(op: string, x: Tensor, inverse: boolean, options: FFTNOptions): Tensor {
  checkTensor(op, x);
  const { norm = 'backward' } = options;
  return checkLengths(op, x, options).reduce(
    (y: Tensor, { axis, n }) => alongAxis(op, y, inverse, { axis, norm, ...(n !== undefined && { n }) }),
    to(x, toComplexDType(x.dtype)),
  );
}

/**
 * The discrete Fourier transform along one axis.
 *
 *   yₖ = Σⱼ xⱼ e^(−2πi jk / n),  k = 0 … n − 1
 *
 * Of a length whose prime factors are at most 13 by passes for each, of others as a convolution: n log n operations. Errors
 * relative to the norm of y stay below 3 ε √(log₂ n), ε = 2⁻²⁴ in float32, 2⁻⁵³ in float64.
 *
 * @param x  [..., n, ...] complex or real; integers and bfloat16 are taken as float32
 * @returns  [..., n, ...] complex64, of float64 and complex128 complex128
 * @throws ShapeError "fft: there is no transform of zero elements; got axis 0 of shape [0]"; ValueError for n < 1, another norm
 * @source Cooley, Tukey 1965, "An algorithm for the machine calculation of complex Fourier series", Mathematics of
 *         Computation 19
 */
export const fft = <D extends DType>(x: Tensor<any, D>, options: FFTOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxis('fft', x, false, options);

/** The inverse of `fft`: xⱼ = 1 / n · Σₖ yₖ e^(2πi jk / n). */
export const ifft = <D extends DType>(x: Tensor<any, D>, options: FFTOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxis('ifft', x, true, options);

/**
 * `fft` along several axes, one after another.
 *
 * @throws ShapeError "fftn: s must have a length for each axis; got [4] for axes [0, 1]"
 */
export const fftn = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxes('fftn', x, false, options);

/** The inverse of `fftn`. */
export const ifftn = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxes('ifftn', x, true, options);

/** `fftn` along two axes; default the last two. */
export const fft2 = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxes('fft2', x, false, { axes: [-2, -1], ...options });

/** The inverse of `fft2`. */
export const ifft2 = <D extends DType>(x: Tensor<any, D>, options: FFTNOptions = {}): Tensor<any, Complexified<D>> =>
  alongAxes('ifft2', x, true, { axes: [-2, -1], ...options });
