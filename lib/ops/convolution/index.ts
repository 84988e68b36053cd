export {
  type Conv,
  type Conv1dOptions,
  type Conv2dAlgorithm,
  type Conv2dOptions,
  type Conv2dPadding,
  type Conv3dOptions,
  type ConvOptions,
  type ConvPadding,
  conv1d,
  conv2d,
  conv3d,
} from './conv.js';
export {
  type ConvTranspose,
  type ConvTranspose1dOptions,
  type ConvTranspose2dOptions,
  type ConvTranspose3dOptions,
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './conv_transpose.js';
export { type LocallyConnected, locallyConnected1d, locallyConnected2d } from './locally_connected.js';
export { toeplitz } from './toeplitz.js';
export { fold, type UnfoldOptions, unfold } from './unfold.js';
export type { Pair, PerAxis, Rank, Sides, Sizes } from './window.js';
