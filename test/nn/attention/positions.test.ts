import { nn, ones, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

it('sinusoidalPositions has the table of lecture notes 004, lines 9123–9132: width 4, base 100', () => {
  const table = nn.sinusoidalPositions(4, 4, { base: 100, dtype: 'float64' });
  const printed = [
    ['0.00', '1.00', '0.00', '1.00'],
    ['0.84', '0.54', '0.10', '1.00'],
    ['0.91', '-0.42', '0.20', '0.98'],
    ['0.14', '-0.99', '0.30', '0.96'],
  ];
  expect(table.toArray().map((row) => row.map((x) => x.toFixed(2)))).toEqual(printed);
  // Of an odd width the last cosine is left out.
  expect(nn.sinusoidalPositions(4, 3, { base: 100, dtype: 'float64' }).shape).toEqual([4, 3]);
  expect(nn.sinusoidalPositions(0, 4).shape).toEqual([0, 4]);
  const [, second] = nn.sinusoidalPositions(2, 6).toArray();
  expectClose(tensor(second), {
    shape: [6],
    data: [0, 1, 2].flatMap((k) => [Math.sin(10000 ** (-k / 3)), Math.cos(10000 ** (-k / 3))]),
  });
});

moduleSpec('SinusoidalPositions', {
  make: ({ dtype }) => new nn.SinusoidalPositions(600, 4, { base: 100, dtype }),
  examples: 1,
  inputs: [
    [3, 2, 4],
    [1, 1, 4],
    [0, 2, 4],
    [5, 4],
  ],
  equals: ({ dim }, x) => {
    const table = nn.sinusoidalPositions(x.shape[0], dim, { base: 100, dtype: x.dtype });
    return x.add(x.rank === 3 ? table.unsqueeze(1) : table);
  },
  text: 'SinusoidalPositions(maxLength=600, dim=4, base=100, batchFirst=false)',
  errors: [
    {
      call: () => new nn.SinusoidalPositions(0, 4),
      says: 'SinusoidalPositions: maxLength must be a whole number ≥ 1; got 0',
    },
    { call: () => nn.sinusoidalPositions(1, 0), says: 'sinusoidalPositions: dim must be a whole number ≥ 1; got 0' },
    {
      call: () => nn.sinusoidalPositions(1, 2, { base: -1 }),
      says: 'sinusoidalPositions: base must be a number > 0; got -1',
    },
  ],
});

moduleSpec('LearnedPositions', {
  make: (options) => new nn.LearnedPositions(5, 4, { batchFirst: true, ...options }),
  inputs: [
    [2, 3, 4],
    [1, 1, 4],
    [0, 2, 4],
    [5, 4],
  ],
  equals: ({ weight }, x) => x.add(weight.slice([0, x.shape[x.rank - 2]])),
  text: 'LearnedPositions(maxLength=5, dim=4, batchFirst=true)',
  errors: [
    {
      call: () => new nn.LearnedPositions(16, 8).forward(ones([17, 2, 8])),
      says: 'LearnedPositions: x must have the axes [length, batch, 8] with a length ≤ 16; got [17, 2, 8]',
    },
    {
      call: () => new nn.LearnedPositions(16, 8, { batchFirst: true }).forward(ones([2, 7])),
      says: 'LearnedPositions: x must have the axes [batch, length, 8] with a length ≤ 16; got [2, 7]',
    },
    {
      call: () => new nn.LearnedPositions(2, 8).forward(ones([1, 8]), tensor(new Int32Array([2]))),
      says: 'indexSelect: index 2 at [0] must be within 0 … 1, axis 0 of shape [2, 8]',
    },
  ],
});

it('positions are those that are given', () => {
  const layer = new nn.LearnedPositions(4, 2, { batchFirst: true });
  const at = tensor(new Int32Array([3, 1]));
  expect(layer.forward(zeros([1, 2, 2]), at).toArray()).toEqual([[3, 1].map((i) => layer.weight.slice(i).toArray())]);
});
