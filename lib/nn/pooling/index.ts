export {
  AvgPool2d,
  type AvgPool2dLayerOptions,
  GlobalAveragePool2d,
  MaxPool2d,
  type MaxPool2dLayerOptions,
} from './pool2d.js';
