import { eye, full, linear, relu, softshrink, type Tensor, tensor, threshold } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('threshold', threshold, {
  reference: ([x], at, value = 0) => elementwise((v) => (v > at ? v : value))([x]),
  samples: [
    ...unarySamples().map((sample) => ({ ...sample, args: [0.3] })),
    { operands: [{ shape: [9] }], args: [-0.5, 7] },
  ],
  errors: [
    {
      call: () => threshold(tensor([1]), Number.NaN),
      says: 'threshold: threshold must be a finite number; got NaN',
    },
    {
      call: () => threshold(tensor([1]), 0, Number.POSITIVE_INFINITY),
      says: 'threshold: value must be a finite number; got Infinity',
    },
  ],
});

// The threshold that line 1303 calls soft is hard; the soft one is max(x − β, 0), a ReLU with the bias −β.
it('lecture notes 000, lines 1303 and 1307: T(x) is 0 to β and x above; two soft ones are a network of ReLUs', () => {
  expect(threshold(tensor([-1, 0.5, 0.75, 2]), 0.5).toArray()).toEqual([0, 0, 0.75, 2]);
  const codes = tensor([-1, 0.5, 0.75, 2]);
  const dictionary = tensor([
    [1, -1, 2, 0.5],
    [-2, 1, 1, 1],
  ]);
  const soft = (x: Tensor, beta: number): Tensor => softshrink(x, beta).clamp({ min: 0 });
  const hidden = relu(linear(codes, eye(4), full([4], -0.5)));
  expect(soft(dictionary.matmul(soft(codes, 0.5)) as Tensor, 0.25).toArray()).toEqual(
    relu(linear(hidden, dictionary, full([2], -0.25))).toArray(),
  );
});
