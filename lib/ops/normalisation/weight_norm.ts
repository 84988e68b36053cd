import { kernel, run } from '../../backend/index.js';
import { empty, emptyLike } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import type { Tensor } from '../../tensor/tensor.js';
import { div } from '../elementwise/div.js';
import { mul } from '../elementwise/mul.js';
import { inFloat } from '../precision.js';
import { norm } from '../reduction/norm.js';
import { contiguous } from '../shape/contiguous.js';

// Squares and their sum 2, product 1; products and their sum 2, product, difference, product 3.
kernel('weightNorm', { writes: 2, flops: 3 });
kernel('weightNormGradient', { writes: 2, flops: 5 });

/** The length of each output's weights: [out, 1, ...]. */
export const lengths = (v: Tensor): Tensor =>
  norm(
    v,
    v.shape.slice(1).map((_: number, i: number) => i + 1),
    { keepDims: true },
  );

const ofRows = fused(
  'weightNorm',
  (v: Tensor, g: Tensor) => mul(v, div(g, lengths(v))),
  (v, g) => {
    const rows: number = v.shape[0];
    const row = (x: Tensor): Tensor => contiguous(x.detach()).reshape([rows, rows === 0 ? 0 : x.size / rows]);
    const line = (x: Tensor): Tensor => contiguous(x.detach()).reshape([rows]);
    const y = emptyLike(v);
    const norms: Tensor = empty([rows], v.dtype);
    run('weightNorm', [row(y), norms, row(v), line(g)]);
    return {
      result: y,
      saved: [v, g],
      own: [norms],
      backward: (dy) => {
        const [dv, dg] = [emptyLike(v), emptyLike(g)];
        run('weightNormGradient', [row(dv), line(dg), row(dy), row(v), line(g), norms]);
        return [dv, dg];
      },
    };
  },
);

/** g · v / ‖v‖ of each output: v [out, ...], g [out, 1, ...]. */
export const weightNorm = (v: Tensor, g: Tensor): Tensor => inFloat([v, g], (v, g) => ofRows(v as Tensor, g as Tensor));
