import { add, rand } from 'adjoint';
import type { Case } from '../group.js';
import { networks, small } from '../models.js';
import { gemmCases } from './gemm.js';
import { training } from './networks.js';

const sum = (n: number, name: string): Case => ({
  name: `add of ${name} elements`,
  ask: `sum ${n}`,
  section: 'sums',
  setup: () => {
    const [a, b] = [rand([n]), rand([n])];
    return () => add(a, b);
  },
});

/** What one wants to know first. */
export const overviewCases: readonly Case[] = [
  ...gemmCases.filter(({ ask }) => /^gemm float32 NN 1 (512 512 512|1024 1024 1024)$/.test(ask)),
  ...[...networks, small].map((network) => training(network, 'float32')),
  sum(16, '16'),
  sum(1_000_000, '10⁶'),
];
