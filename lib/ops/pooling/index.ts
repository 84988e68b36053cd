export { type AvgPool2dOptions, avgPool2d } from './avg_pool2d.js';
export { globalAveragePool2d } from './global_average_pool2d.js';
export { type MaxPool2dOptions, maxPool2d } from './max_pool2d.js';
