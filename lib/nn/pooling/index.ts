export {
  AvgPool2d,
  type AvgPool2dOptions,
  GlobalAveragePool2d,
  MaxPool2d,
  type MaxPool2dOptions,
} from './pool2d.js';
