export { type LineChart, lineChart, type Series } from './chart.js';
export { type ContourChart, contourChart } from './contour.js';
export { type Axis, type ColourAxis, type Frame, figure, figures, type Panel } from './figure.js';
export { drawGraph } from './graph.js';
export type { Grid } from './grid.js';
export { type HeatMap, heatMap } from './heat_map.js';
export type { Band, Bars, Cells, Dots, Labels, Line, Mark, Point, Range, Raster } from './marks.js';
export { renderConfusion } from './render_confusion.js';
export { drawImage, drawImages, type Picture } from './terminal.js';
