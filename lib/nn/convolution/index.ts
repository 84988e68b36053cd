export {
  Conv1d,
  type Conv1dLayerOptions,
  Conv2d,
  type Conv2dLayerOptions,
  Conv3d,
  type Conv3dLayerOptions,
} from './conv.js';
export {
  ConvTranspose1d,
  type ConvTranspose1dLayerOptions,
  ConvTranspose2d,
  type ConvTranspose2dLayerOptions,
  ConvTranspose3d,
  type ConvTranspose3dLayerOptions,
} from './conv_transpose.js';
export {
  LocallyConnected1d,
  type LocallyConnected1dLayerOptions,
  LocallyConnected2d,
  type LocallyConnected2dLayerOptions,
} from './locally_connected.js';
export {
  SeparableConv1d,
  SeparableConv2d,
  SeparableConv3d,
  type SeparableConvLayerOptions,
} from './separable_conv.js';
export { Fold, Unfold } from './unfold.js';
