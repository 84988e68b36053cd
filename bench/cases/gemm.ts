import { matmul, randn, type Tensor } from 'adjoint';
import type { Case } from '../group.js';

type Transposed = 'NN' | 'NT' | 'TN' | 'TT';

interface Product {
  section?: string;
  dtype?: 'float32' | 'float64' | 'bfloat16';
  transposed?: Transposed;
  batch?: number;
  m: number;
  n: number;
  k: number;
}

/** y [batch, m, n] = a · b; T: that operand lies transposed in memory. */
function product({ section = 'float32', dtype = 'float32', transposed = 'NN', batch = 1, m, n, k }: Product): Case {
  const sizes = `${batch > 1 ? `${batch} × ` : ''}${m === n && n === k ? `${m}³` : `${m}×${n}×${k}`}`;
  return {
    name: `${dtype === 'float32' ? '' : `${dtype} `}${transposed} ${sizes}`,
    ask: `gemm ${dtype} ${transposed} ${batch} ${m} ${n} ${k}`,
    section,
    flop: 2 * batch * m * n * k,
    setup: () => {
      const operand = (place: 0 | 1, rows: number, columns: number): Tensor => {
        const swap = transposed[place] === 'T';
        const shape = swap ? [columns, rows] : [rows, columns];
        const stored: Tensor = randn(batch === 1 ? shape : [batch, ...shape]).to(dtype);
        return swap ? stored.transpose(-2, -1) : stored;
      };
      const a = operand(0, m, k);
      const b = operand(1, k, n);
      return () => matmul(a, b);
    },
  };
}

const square = (n: number, rest: Partial<Product> = {}): Case => product({ m: n, n, k: n, ...rest });

/** Forward, weight gradient and input gradient of layers at batch 128, and what libraries publish. */
const list: Case[] = [
  ...[64, 128, 256, 512, 1024, 2048].map((n) => square(n)),
  ...[256, 1024].flatMap((n) => [square(n, { transposed: 'NT' }), square(n, { transposed: 'TN' })]),
  ...[32, 64, 128, 256].map((m) => product({ m, n: 512, k: 784 })),
  product({ transposed: 'NT', m: 128, n: 512, k: 784 }),
  product({ transposed: 'TN', m: 512, n: 784, k: 128 }),
  product({ m: 128, n: 784, k: 512 }),
  product({ m: 128, n: 10, k: 512 }),
  product({ transposed: 'NT', m: 128, n: 10, k: 512 }),
  product({ transposed: 'TN', m: 10, n: 512, k: 128 }),
  product({ m: 128, n: 512, k: 10 }),
];

const skinny = [1, 4, 16].flatMap((size) => [
  product({ section: 'skinny', m: size, n: 1024, k: 1024 }),
  product({ section: 'skinny', transposed: 'NT', m: size, n: 1024, k: 1024 }),
  product({ section: 'skinny', m: 1024, n: size, k: 1024 }),
]);

export const gemmCases: readonly Case[] = [
  ...list,
  ...[512, 1024].map((n) => square(n, { section: 'bfloat16', dtype: 'bfloat16' })),
  square(512, { section: 'float64', dtype: 'float64' }),
  // Attention's scores and mixtures, 16 × 4 heads of 64; a batch of small ones.
  product({ section: 'batched', transposed: 'NT', batch: 64, m: 128, n: 128, k: 64 }),
  product({ section: 'batched', batch: 64, m: 128, n: 64, k: 128 }),
  square(32, { section: 'batched', batch: 256 }),
  ...skinny,
];

/** From what fits the first cache to what fits none. */
export const gemmSizes: readonly Case[] = [32, 64, 128, 256, 512, 1024, 2048].map((n) =>
  square(n, { section: 'matrix products' }),
);
