export { Bilinear } from './bilinear.js';
export { Highway, type HighwayOptions } from './highway.js';
export { Residual } from './residual.js';
export { SqueezeExcite, type SqueezeExciteOptions } from './squeeze_excite.js';
export {
  TemporalBlock,
  type TemporalBlockOptions,
  TemporalConvNet,
  type TemporalConvNetOptions,
} from './temporal_conv_net.js';
