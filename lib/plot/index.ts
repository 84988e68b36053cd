export type { Axis } from './axes.js';
export { type LineChart, lineChart, type Series } from './chart.js';
export { type ContourChart, contourChart } from './contour.js';
export { drawGraph } from './graph.js';
export type { Grid } from './grid.js';
export { type HeatMap, heatMap } from './heat_map.js';
export { renderConfusion } from './render_confusion.js';
export { drawImage, drawImages, type Picture } from './terminal.js';
