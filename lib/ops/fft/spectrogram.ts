import { checkOneOf, given } from '../../core/check.js';
import type { DType, Floating, PartDType } from '../../core/dtype.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { viewAsReal } from '../complex/view_as_real.js';
import { abs } from '../elementwise/abs.js';
import { square } from '../elementwise/square.js';
import { sum } from '../reduction/sum.js';
import { type STFTOptions, stft } from './stft.js';
import { hannWindow } from './windows.js';

export interface SpectrogramOptions extends STFTOptions {
  /** What is shown of a complex number: its size, or the square of it; default 'power'. */
  scale?: 'magnitude' | 'power';
}

/**
 * How strong each frequency is in each frame of a signal: |stft|², or |stft|. The window is by default Hann's, and frames
 * overlap by half of it.
 *
 * @param x  [length] or [batch, length]
 * @returns  [..., frequencies, frames] float32, of float64 float64
 * @throws   as `stft`; ValueError for another scale
 */
export function spectrogram<D extends DType>(
  x: Tensor<any, D>,
  spectrum: SpectrogramOptions,
): Tensor<any, Floating<PartDType<D>>> {
  const { scale = 'power', ...options } = given(spectrum);
  checkTensor('spectrogram', x);
  checkOneOf('spectrogram', 'scale', scale, ['magnitude', 'power']);
  const { nFft, winLength = nFft, hopLength = Math.floor(winLength / 2), window = hannWindow(winLength) } = options;
  const spectra = stft(x, { ...options, winLength, hopLength, window }) as Tensor;
  return (scale === 'power' ? sum(square(viewAsReal(spectra)), -1) : abs(spectra)) as Tensor;
}
