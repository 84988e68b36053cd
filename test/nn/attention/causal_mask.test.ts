import { nn, randn, scaledDotProductAttention, tensor, where } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose, statesErrors } from '../../harness.js';

it('causalMask hides what comes later', () => {
  expect(nn.causalMask(3).toArray()).toEqual([
    [false, true, true],
    [false, false, true],
    [false, false, false],
  ]);
  expect(nn.causalMask(0).shape).toEqual([0, 0]);
  const layer = new nn.MultiheadAttention(4, 2);
  const x = randn([3, 2, 4]);
  const [wanted] = layer.forward(x, x, x, { causal: true });
  const masks = [nn.causalMask(3), where(nn.causalMask(3), tensor(-Infinity), tensor(0))];
  for (const attentionMask of masks) {
    const [y] = layer.forward(x, x, x, { attentionMask });
    expectClose(y, { shape: [3, 2, 4], data: [...wanted.data()] }, { slack: 10 });
  }
});

it('attention without a scale has the exact values of the example of lecture notes 004, line 9225', () => {
  const x = tensor([
    [1, 0, 1, 0],
    [0, 2, 0, 2],
    [1, 1, 1, 1],
  ]);
  const key = x.matmul(tensor([[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]])); // biome-ignore format: rows of a matrix
  const query = x.matmul(tensor([[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]])); // biome-ignore format: as above
  const value = x.matmul(tensor([[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]])); // biome-ignore format: as above
  const [first] = scaledDotProductAttention(query, key, value, { scale: 1 }).toArray();
  // Printed as [2.0, 7.0, 1.5], with the weights rounded before they are used.
  expect(first.map((y) => y.toFixed(4))).toEqual(['1.9366', '6.6831', '1.5951']);
});

statesErrors('causalMask', [
  { call: () => nn.causalMask(-1), says: 'causalMask: length must be a whole number ≥ 0; got -1' },
]);
