/* The names of `fft`, as those of torch.fft. */
export { fft, fft2, fftn, ifft, ifft2, ifftn } from './complex_fft.js';
export { fftfreq, rfftfreq } from './frequencies.js';
export type { FFTNOptions, FFTNorm, FFTOptions } from './options.js';
export { irfft, irfft2, irfftn, rfft, rfft2, rfftn } from './real_fft.js';
export { fftshift, ifftshift } from './shift.js';
