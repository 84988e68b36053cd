import * as adjoint from 'adjoint';
import { rand, randint, randn, type Tensor } from 'adjoint';
import type { Case } from '../group.js';
import { backward } from './elements.js';

/* Ops behind layers, forward and backward, about a million elements each: the names and shapes of peers/pytorch_layers.py. */

type Op = (...inputs: Tensor[]) => Tensor;

/** A section's ops with the shapes of their floating-point operands. */
type Family = Record<string, [op: (...inputs: any[]) => any, ...shapes: number[][]]>;

const matrix = [1000, 1000];
const images = [16, 64, 32, 32];
const small = [16, 16, 32, 32];
const sequences = [16, 64, 1024];
const volumes = [4, 16, 16, 32, 32];
const heads = [4, 8, 256, 32];

const {
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool3d,
  clamp,
  conv1d,
  conv3d,
  convTranspose2d,
  cummax,
  cumprod,
  dropout,
  elu,
  glu,
  groupNorm,
  hardsigmoid,
  hardswish,
  huberLoss,
  interpolate,
  leakyRelu,
  lgamma,
  localResponseNorm,
  logcumsumexp,
  logSumExp,
  maxPool1d,
  maxPool3d,
  mish,
  pad,
  prelu,
  roll,
  scaledDotProductAttention,
  selu,
  silu,
  smoothL1Loss,
  softshrink,
  threshold,
  tril,
  variance,
} = adjoint;

const families: Record<string, Family> = {
  'pools of other ranks': {
    'max pool 1-D 2': [(x) => maxPool1d(x, { kernelSize: 2 }), sequences],
    'max pool 3-D 2': [(x) => maxPool3d(x, { kernelSize: 2 }), volumes],
    'average pool 1-D 2': [(x) => avgPool1d(x, { kernelSize: 2 }), sequences],
    'average pool 3-D 2': [(x) => avgPool3d(x, { kernelSize: 2 }), volumes],
    'adaptive average 7×7': [(x) => adaptiveAvgPool2d(x, 7), images],
    'global average': [(x) => adaptiveAvgPool2d(x, 1), images],
  },
  resampling: {
    'nearest ×2': [(x) => interpolate(x, { scaleFactor: 2 }), small],
    'bilinear ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'bilinear' }), small],
    'bilinear ×½': [(x) => interpolate(x, { scaleFactor: 0.5, mode: 'bilinear' }), [16, 16, 64, 64]],
    'bicubic ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'bicubic' }), small],
  },
  'other convolutions': {
    'convolution 1-D': [(x, w) => conv1d(x, w, undefined, { padding: 1 }), [16, 64, 256], [64, 64, 3]],
    'convolution 3-D': [(x, w) => conv3d(x, w, undefined, { padding: 1 }), [2, 16, 8, 16, 16], [16, 16, 3, 3, 3]],
    'transposed 2-D': [
      (x, w) => convTranspose2d(x, w, undefined, { stride: 2, padding: 1 }),
      [16, 64, 16, 16],
      [64, 32, 4, 4],
    ],
  },
  'other norms': {
    'group norm': [(x, weight, bias) => groupNorm(x, 8, { weight, bias }), images, [64], [64]],
    'local response norm': [(x) => localResponseNorm(x, 5), images],
    attention: [scaledDotProductAttention, heads, heads, heads],
  },
  scans: {
    cumprod: [(x) => cumprod(x, 1), matrix],
    'cumprod, first axis': [(x) => cumprod(x, 0), matrix],
    cummax: [(x) => cummax(x, 1).values, matrix],
    logcumsumexp: [(x) => logcumsumexp(x, 1), matrix],
    logSumExp: [(x) => logSumExp(x, 1), matrix],
    variance: [(x) => variance(x, 1), matrix],
  },
  'shapes and places': {
    'pad, reflected': [(x) => pad(x, [...Array(2)].fill([1, 1]), 'reflect'), images],
    roll: [(x) => roll(x, 10, 1), matrix],
    tril: [tril, matrix],
    dropout: [(x) => dropout(x), matrix],
  },
  'other activations': {
    mish: [mish, matrix],
    selu: [selu, matrix],
    elu: [elu, matrix],
    silu: [silu, matrix],
    glu: [(x) => glu(x, 1), matrix],
    prelu: [prelu, images, [64]],
    hardswish: [hardswish, matrix],
    hardsigmoid: [hardsigmoid, matrix],
    softshrink: [softshrink, matrix],
    leakyRelu: [leakyRelu, matrix],
    clamp: [(x) => clamp(x, { min: -1, max: 1 }), matrix],
    threshold: [(x) => threshold(x, 0.1), matrix],
    lgamma: [lgamma, matrix],
  },
  losses: {
    'Huber loss': [(x, t) => huberLoss(x, t.detach()), matrix, matrix],
    'smooth L1 loss': [(x, t) => smoothL1Loss(x, t.detach()), matrix, matrix],
  },
};

const cases: Case[] = Object.entries(families).flatMap(([section, family]) =>
  Object.entries(family).flatMap(([name, [op, ...shapes]]): Case[] => {
    const inputs = (): Tensor[] => shapes.map((shape) => rand(shape).add(0.1) as Tensor);
    const forward = (): (() => unknown) => {
      const operands = inputs();
      return () => op(...operands);
    };
    return [
      { name, ask: `elements ${name}`, section, setup: forward },
      {
        name: `${name} gradient`,
        ask: `elements ${name} gradient`,
        section,
        setup: () => backward(op as Op, ...inputs()),
      },
    ];
  }),
);

const million = 1_000_000;
const tokens = (): Tensor<[number, number], 'int32'> => randint(0, 10_000, [512, 32]);
const others: Record<string, () => () => unknown> = {
  rand: () => () => rand([million]),
  randn: () => () => randn([million]),
  bernoulli: () => () => adjoint.bernoulli(0.3, [million]),
  gamma: () => {
    const concentration: Tensor = rand([million]).mul(3).add(0.1);
    return () => adjoint.standardGamma(concentration);
  },
  poisson: () => {
    const rate: Tensor = rand([million]).mul(10);
    return () => adjoint.poisson(rate);
  },
  'embedding bag, sum': () => {
    const [weight, indices] = [randn([10_000, 64]) as Tensor, tokens()];
    return () => adjoint.embeddingBag(indices, weight, { mode: 'sum' });
  },
  'embedding bag, max': () => {
    const [weight, indices] = [randn([10_000, 64]) as Tensor, tokens()];
    return () => adjoint.embeddingBag(indices, weight, { mode: 'max' });
  },
  'search in 10000': () => {
    const [sorted, x] = [adjoint.sort(randn([10_000]), 0).values as Tensor, randn([100_000]) as Tensor];
    return () => adjoint.searchSorted(sorted, x);
  },
  'median [1000, 1000]': () => {
    const x: Tensor = randn(matrix);
    return () => adjoint.median(x, 1);
  },
};
for (const [name, setup] of Object.entries(others)) {
  cases.push({ name, ask: `elements ${name}`, section: 'draws and searches', setup });
}

export const layerCases: readonly Case[] = cases;
