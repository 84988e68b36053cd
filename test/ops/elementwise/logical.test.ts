import { logicalAnd, logicalNot, logicalOr, logicalXor, tensor, zeros } from 'adjoint';
import { binarySamples, broadcasting, elementwise, type Sample, spec, unarySamples } from '../../harness.js';

const asBool = (samples: Sample[]): Sample[] =>
  samples.map(({ operands }) => ({ operands: operands.map(({ shape }) => ({ shape, dtype: 'bool' })) }));
const samples = asBool(binarySamples());

spec('logicalAnd', logicalAnd, {
  samples,
  differentiable: false,
  reference: broadcasting((a, b) => Number(a && b)),
  errors: [
    {
      call: () => logicalAnd(tensor([true]), tensor([1]) as never),
      says: 'logicalAnd: operands must be bool; got float32; compare it, e.g. x.ne(0)',
    },
    {
      call: () => logicalAnd(zeros([2], { dtype: 'bool' }), zeros([3], { dtype: 'bool' }) as never),
      says:
        'logicalAnd: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; ' +
        'each pair of dimensions, aligned at the right, must be equal or have a 1',
    },
  ],
});
spec('logicalOr', logicalOr, { samples, differentiable: false, reference: broadcasting((a, b) => Number(a || b)) });
spec('logicalXor', logicalXor, { samples, differentiable: false, reference: broadcasting((a, b) => Number(a !== b)) });
spec('logicalNot', logicalNot, {
  samples: asBool(unarySamples()),
  differentiable: false,
  reference: elementwise((a) => Number(!a)),
});
