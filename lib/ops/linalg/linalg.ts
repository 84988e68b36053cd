/* The names of `linalg`, as those of torch.linalg. */
export { cholesky, choleskySolve } from './cholesky.js';
export { det, type SignedLogDeterminant, slogdet } from './det.js';
export { diag, diagonal, trace } from './diagonal.js';
export { type Eigendecomposition, eigh, eigvalsh } from './eigh.js';
export { type LeastSquares, lstsq } from './lstsq.js';
export { type LU, lu } from './lu.js';
export { matmul } from './matmul.js';
export { cond, type MatrixNormOrder, matrixNorm, type VectorNormOptions, vectorNorm } from './matrix_norm.js';
export { matrixExp, matrixPower } from './matrix_power.js';
export { cross, kron, multiDot, outer } from './outer.js';
export { matrixRank, pinv, type RankOptions } from './pinv.js';
export { type QR, type QROptions, qr } from './qr.js';
export { inv, solve } from './solve.js';
export { type SolveTriangularOptions, solveTriangular } from './solve_triangular.js';
export { type SVD, type SVDOptions, svd, svdvals } from './svd.js';
