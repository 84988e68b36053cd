export { type Arange, arange } from './arange.js';
export { type Eye, eye } from './eye.js';
export { linspace } from './linspace.js';
export { oneHot } from './one_hot.js';
export { fullLike, onesLike, zerosLike } from './zeros_like.js';
