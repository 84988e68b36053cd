import { adjacencyLoss, ones, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { type Plain, spec } from '../../harness.js';
import { reduced, sum, vectors } from '../../losses.js';

interface Options {
  reduction?: 'mean' | 'sum' | 'none';
}

const operands = [{ shape: [4, 2] }, { shape: [4, 4], range: [0.1, 2] as [number, number] }];

spec('adjacencyLoss', adjacencyLoss, {
  reference: ([x, a]: Plain[], { reduction = 'mean' }: Options = {}) => {
    const rows = vectors(x);
    const losses = rows.flatMap((p, i) =>
      rows.map((q, j) => a.data[i * rows.length + j] * sum(p.map((v, k) => (v - q[k]) ** 2))),
    );
    if (reduction === 'mean') return { shape: [], data: [sum(losses) / sum(a.data)] };
    return reduced(a.shape, losses, { reduction });
  },
  samples: (['mean', 'sum', 'none'] as const).map((reduction) => ({ operands, args: [{ reduction }] })),
  // Distances are differences of products.
  slack: 8,
  errors: [
    {
      call: () => adjacencyLoss(ones([4, 2]), ones([4, 2])),
      says: 'adjacencyLoss: adjacency must be [4, 4], the nodes of x [4, 2]; got [4, 2]',
    },
    {
      call: () => adjacencyLoss(ones([4]), ones([4, 4])),
      says: 'adjacencyLoss: x must have the axes [nodes, features]; got [4]',
    },
  ],
});

it('adjacencyLoss: the sum is twice the trace of xᵀ · L · x', () => {
  // A path of three nodes: L = [[1, −1, 0], [−1, 2, −1], [0, −1, 1]], and the trace 1 + 4.
  const path = tensor([
    [0, 1, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]);
  expect(adjacencyLoss(tensor([[0], [1], [3]]), path, { reduction: 'sum' }).item()).toBe(2 * 5);
});
