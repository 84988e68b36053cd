import { all, any } from 'adjoint';
import { reducing, reductionSamples } from '../axes.js';
import { type Sample, spec } from '../harness.js';

const samples: Sample[] = [
  ...reductionSamples().map(({ operands, args }) => ({
    operands: operands.map(({ shape }) => ({ shape, dtype: 'bool' as const })),
    args: args ?? [],
  })),
  { operands: [{ shape: [2, 0], dtype: 'bool' }], args: [1] },
  { operands: [{ shape: [2, 2], dtype: 'bool', values: [1, 1, 0, 0] }], args: [1] },
  { operands: [{ shape: [2, 3], values: [0, 0, Number.NaN, 0, 0, 0] }], args: [1] },
  { operands: [{ shape: [4], dtype: 'int32', values: [0, -1, 2, 3] }] },
];

spec('any', any, { reference: reducing((v) => Number(v.some((x) => x !== 0))), samples, differentiable: false });
spec('all', all, { reference: reducing((v) => Number(v.every((x) => x !== 0))), samples, differentiable: false });
