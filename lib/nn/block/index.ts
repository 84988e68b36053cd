export { Bilinear } from './bilinear.js';
export { DenseBlock, type DenseBlockOptions, Transition } from './dense_block.js';
export { DepthwiseSeparable, type DepthwiseSeparableOptions } from './depthwise_separable.js';
export { Highway, type HighwayOptions } from './highway.js';
export { MixtureOfExperts, type MixtureOfExpertsOptions } from './mixture_of_experts.js';
export { Residual } from './residual.js';
export { Bottleneck, ResidualBlock, type ResidualBlockOptions } from './residual_block.js';
export { SqueezeExcite, type SqueezeExciteOptions } from './squeeze_excite.js';
export {
  TemporalBlock,
  type TemporalBlockOptions,
  TemporalConvNet,
  type TemporalConvNetOptions,
} from './temporal_conv_net.js';
