export { type Axis, type LineChart, lineChart, type Series } from './chart.js';
export { drawGraph } from './graph.js';
export { drawImage, drawImages, type Picture } from './terminal.js';
