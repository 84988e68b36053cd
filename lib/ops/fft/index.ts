export { type SpectrogramOptions, spectrogram } from './spectrogram.js';
export { type ISTFTOptions, istft, type STFTOptions, stft } from './stft.js';
export {
  blackmanWindow,
  type HammingWindowOptions,
  hammingWindow,
  hannWindow,
  type WindowOptions,
} from './windows.js';
