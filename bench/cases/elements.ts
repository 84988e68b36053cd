import {
  add,
  argmax,
  avgPool2d,
  batchNorm,
  contiguous,
  crossEntropy,
  erf,
  exp,
  gather,
  gelu,
  indexSelect,
  layerNorm,
  log,
  logSoftmax,
  max,
  maxPool2d,
  mean,
  mul,
  ones,
  permute,
  rand,
  randint,
  randn,
  relu,
  sigmoid,
  sin,
  softmax,
  sum,
  type Tensor,
  tanh,
  zeros,
} from 'adjoint';
import type { Case } from '../group.js';

/* A million elements each, in float32. */

const million = 1_000_000;
const images = 16 * 64 * 32 * 32;

/** @param moved  elements that are read and written, at the least */
const kernel = (name: string, section: string, moved: number, setup: () => () => unknown, ask = name): Case => ({
  name,
  ask: `elements ${ask}`,
  section,
  bytes: 4 * moved,
  setup,
});

const matrix = (): Tensor<[1000, 1000]> => rand([1000, 1000]);

const binary = { add, mul };
const unary = { relu, exp, log, tanh, gelu, sin, erf, sigmoid };
const reductions: Record<string, (x: Tensor, axis?: number) => unknown> = { sum, max, mean, argmax };
const axes: [name: string, axis?: number][] = [['all'], ['last', 1], ['first', 0]];

const onImages = (name: string, ask: string, moved: number, op: (x: Tensor<[16, 64, 32, 32]>) => unknown): Case =>
  kernel(
    name,
    'norms and pools',
    moved,
    () => {
      const x = randn([16, 64, 32, 32]);
      return () => op(x);
    },
    ask,
  );

export const elementCases: readonly Case[] = [
  ...Object.entries(binary).map(([name, op]) =>
    kernel(name, 'elementwise', 3 * million, () => {
      const [a, b] = [matrix(), matrix()];
      return () => op(a, b);
    }),
  ),
  ...Object.entries(unary).map(([name, op]) =>
    kernel(name, 'elementwise', 2 * million, () => {
      const x: Tensor = matrix();
      return () => op(x);
    }),
  ),
  ...Object.entries(reductions).flatMap(([name, op]) =>
    axes.map(([which, axis]) =>
      kernel(`${name} ${which}`, 'reductions', million, () => {
        const x = matrix();
        return () => op(x, axis);
      }),
    ),
  ),
  ...Object.entries({ softmax, logSoftmax }).map(([name, op]) =>
    kernel(
      name,
      'softmax',
      2 * million,
      () => {
        const x = matrix();
        return () => op(x, -1);
      },
      name === 'softmax' ? name : 'log_softmax',
    ),
  ),
  kernel(
    'crossEntropy',
    'softmax',
    million,
    () => {
      const x = matrix();
      const labels = randint(0, 1000, [1000]);
      return () => crossEntropy(x, labels);
    },
    'cross_entropy',
  ),
  kernel(
    'layerNorm 4096×256',
    'norms and pools',
    2 * 4096 * 256,
    () => {
      const x = randn([4096, 256]);
      const [weight, bias] = [rand([256]), rand([256])];
      return () => layerNorm(x, [256], { weight, bias });
    },
    'layer_norm',
  ),
  kernel(
    'batchNorm in training, 16×64×32²',
    'norms and pools',
    2 * images,
    () => {
      const x = randn([16, 64, 32, 32]);
      const [mean, variance, weight, bias] = [zeros([64]), ones([64]), rand([64]), rand([64])];
      return () => batchNorm(x, mean, variance, { weight, bias, training: true });
    },
    'batch_norm',
  ),
  onImages('maxPool2d 2×2, 16×64×32²', 'max_pool', 1.25 * images, (x) => maxPool2d(x, { kernelSize: 2 })),
  onImages('avgPool2d 2×2, 16×64×32²', 'avg_pool', 1.25 * images, (x) => avgPool2d(x, { kernelSize: 2 })),
  kernel(
    'transpose 1000²',
    'moves',
    2 * million,
    () => {
      const x = matrix().transpose(0, 1);
      return () => contiguous(x);
    },
    'transpose',
  ),
  kernel(
    'NCHW → NHWC, 16×64×32²',
    'moves',
    2 * images,
    () => {
      const x = permute(randn([16, 64, 32, 32]), [0, 2, 3, 1]);
      return () => contiguous(x);
    },
    'permute',
  ),
  kernel(
    'gather along rows',
    'moves',
    3 * million,
    () => {
      const x = matrix();
      const index = randint(0, 1000, [1000, 1000]);
      return () => gather(x, 1, index);
    },
    'gather',
  ),
  kernel(
    'embedding, 4096 of 10⁴×256',
    'moves',
    2 * 4096 * 256,
    () => {
      const table = randn([10_000, 256]);
      const tokens = randint(0, 10_000, [4096]);
      return () => indexSelect(table, 0, tokens);
    },
    'embedding',
  ),
];
