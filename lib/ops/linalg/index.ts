export { bilinear } from './bilinear.js';
export { type Eigendecomposition, eigh, eigvalsh } from './eigh.js';
export { linear } from './linear.js';
export { matmul } from './matmul.js';
