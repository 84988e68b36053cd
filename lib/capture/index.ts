export { type Captured, type CaptureOptions, capture } from './capture.js';
