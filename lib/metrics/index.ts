export { accuracy } from './accuracy.js';
export { Average } from './average.js';
