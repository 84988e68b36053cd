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

it('causalMask leaves the prefixes of lecture notes 004, lines 9513–9518', () => {
  const visible = nn.causalMask(5).logicalNot().to('int32').toArray();
  expect(visible.map((row) => row.join(', '))).toEqual([
    '1, 0, 0, 0, 0',
    '1, 1, 0, 0, 0',
    '1, 1, 1, 0, 0',
    '1, 1, 1, 1, 0',
    '1, 1, 1, 1, 1',
  ]);
});

// The matrices are those of the article that line 9225 names.
it('attention has the values of lecture notes 004, line 9225, without a scale, and those with 1 / √3', () => {
  const x = tensor([
    [1, 0, 1, 0],
    [0, 2, 0, 2],
    [1, 1, 1, 1],
  ]);
  const key = x.matmul(tensor([[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]])); // biome-ignore format: rows of a matrix
  const query = x.matmul(tensor([[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]])); // biome-ignore format: as above
  const value = x.matmul(tensor([[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]])); // biome-ignore format: as above
  expect(query.matmul(key.transpose()).toArray()[0]).toEqual([2, 4, 4]);
  const first = (options?: { scale: number }): string[] =>
    scaledDotProductAttention(query, key, value, options)
      .toArray()[0]
      .map((y) => y.toFixed(4));
  expect(first({ scale: 1 })).toEqual(['1.9366', '6.6831', '1.5951']);
  expect(first()).toEqual(['1.8639', '6.3194', '1.7042']);
  // The article rounds the weights before it uses them.
  expect(tensor([0, 0.5, 0.5]).matmul(value).toArray()).toEqual([2, 7, 1.5]);
});

statesErrors('causalMask', [
  { call: () => nn.causalMask(-1), says: 'causalMask: length must be a whole number ≥ 0; got -1' },
]);
