export { Adam, type AdamOptions, AdamW } from './adam.js';
export { FirstOrder } from './first_order.js';
export { LBFGS, type LBFGSOptions } from './lbfgs.js';
export { SGD, type SGDOptions } from './sgd.js';
