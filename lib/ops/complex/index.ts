export { angle } from './angle.js';
export { complex } from './complex.js';
export { conj } from './conj.js';
export { polar } from './polar.js';
export { imag, real } from './real.js';
export { viewAsComplex, viewAsReal } from './view_as_real.js';
