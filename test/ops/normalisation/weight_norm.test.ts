import { weightNorm } from '../../../lib/ops/normalisation/weight_norm.js';
import { spec } from '../../harness.js';

spec('weightNorm', weightNorm, {
  reference: ([{ shape, data }, g]) => {
    const n = data.length / shape[0];
    const length = (row: number): number => Math.hypot(...data.slice(row * n, (row + 1) * n));
    return { shape, data: data.map((v, i) => (g.data[Math.floor(i / n)] * v) / length(Math.floor(i / n))) };
  },
  samples: [
    { operands: [{ shape: [3, 19], range: [0.5, 2] }, { shape: [3, 1] }] },
    { operands: [{ shape: [2, 3, 2, 7], range: [0.5, 2] }, { shape: [2, 1, 1, 1] }] },
    { operands: [{ shape: [0, 3] }, { shape: [0, 1] }], smooth: false },
  ],
});
