import * as adjoint from 'adjoint';
import { rand, randint, randn, type Tensor } from 'adjoint';
import { meanSquaredError, r2 } from 'adjoint/metrics';
import { weightNorm } from '../../lib/ops/normalisation/weight_norm.js';
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
const longHeads = [1, 4, 1024, 32];

const {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  aplu,
  avgPool1d,
  avgPool3d,
  batchNorm,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  celu,
  clamp,
  clone,
  concat,
  conv1d,
  conv3d,
  convTranspose2d,
  cosineEmbeddingLoss,
  cummax,
  cumprod,
  dropout,
  elu,
  flip,
  fold,
  gelu,
  glu,
  groupNorm,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  hingeLoss,
  huberLoss,
  indexSelect,
  interpolate,
  klDiv,
  l1Loss,
  leakyRelu,
  lgamma,
  localResponseNorm,
  logcumsumexp,
  logit,
  logSigmoid,
  logSumExp,
  maxPool1d,
  maxPool3d,
  mean,
  mish,
  mseLoss,
  nansum,
  norm,
  pad,
  pixelShuffle,
  poissonNllLoss,
  pow,
  prelu,
  prod,
  reciprocal,
  relu6,
  rmsNorm,
  roll,
  rsqrt,
  scaledDotProductAttention,
  selu,
  silu,
  smoothL1Loss,
  softMarginLoss,
  softshrink,
  softsign,
  square,
  squash,
  stack,
  tanhshrink,
  threshold,
  tile,
  tril,
  tripletMarginLoss,
  unfold,
  variance,
} = adjoint;

/** The derivative of a loss goes to its first operand alone. */
const towards = (loss: (x: any, t: any) => unknown) => (x: Tensor, t: Tensor) => loss(x, t.detach());

const families: Record<string, Family> = {
  'pools of other ranks': {
    'max pool 1-D 2': [(x) => maxPool1d(x, { kernelSize: 2 }), sequences],
    'max pool 3-D 2': [(x) => maxPool3d(x, { kernelSize: 2 }), volumes],
    'average pool 1-D 2': [(x) => avgPool1d(x, { kernelSize: 2 }), sequences],
    'average pool 3-D 2': [(x) => avgPool3d(x, { kernelSize: 2 }), volumes],
    'adaptive average 1-D 100': [(x) => adaptiveAvgPool1d(x, 100), sequences],
    'adaptive average 7×7': [(x) => adaptiveAvgPool2d(x, 7), images],
    'global average': [(x) => adaptiveAvgPool2d(x, 1), images],
    'adaptive average 3-D 5': [(x) => adaptiveAvgPool3d(x, 5), volumes],
    'adaptive max 7×7': [(x) => adaptiveMaxPool2d(x, 7), images],
    'adaptive max 3-D 5': [(x) => adaptiveMaxPool3d(x, 5), volumes],
  },
  resampling: {
    'nearest ×2': [(x) => interpolate(x, { scaleFactor: 2 }), small],
    'bilinear ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'bilinear' }), small],
    'bilinear ×½': [(x) => interpolate(x, { scaleFactor: 0.5, mode: 'bilinear' }), [16, 16, 64, 64]],
    'bilinear ×1½': [(x) => interpolate(x, { scaleFactor: 1.5, mode: 'bilinear' }), small],
    'linear ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'linear' }), [16, 64, 512]],
    'trilinear ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'trilinear' }), [2, 8, 16, 16, 16]],
    'bicubic ×2': [(x) => interpolate(x, { scaleFactor: 2, mode: 'bicubic' }), small],
  },
  'other convolutions': {
    'convolution 1-D': [(x, w) => conv1d(x, w, undefined, { padding: 1 }), [16, 64, 256], [64, 64, 3]],
    'convolution 3-D': [(x, w) => conv3d(x, w, undefined, { padding: 1 }), [2, 16, 8, 16, 16], [16, 16, 3, 3, 3]],
    'convolution 3-D 2 stride 2': [
      (x, w) => conv3d(x, w, undefined, { stride: 2 }),
      [2, 16, 16, 16, 16],
      [32, 16, 2, 2, 2],
    ],
    'transposed 2-D': [
      (x, w) => convTranspose2d(x, w, undefined, { stride: 2, padding: 1 }),
      [16, 64, 16, 16],
      [64, 32, 4, 4],
    ],
  },
  'other norms': {
    'group norm': [(x, weight, bias) => groupNorm(x, 8, { weight, bias }), images, [64], [64]],
    'instance norm': [(x) => groupNorm(x, 64), images],
    'rms norm': [(x, weight) => rmsNorm(x, [256], { weight }), [4096, 256], [256]],
    'batch norm, evaluation': [
      (x, weight, bias, mean, variance) => batchNorm(x, mean.detach(), variance.detach(), { weight, bias }),
      images,
      ...Array<number[]>(4).fill([64]),
    ],
    'weight norm': [weightNorm, matrix, [1000, 1]],
    'local response norm': [(x) => localResponseNorm(x, 5), images],
    attention: [scaledDotProductAttention, heads, heads, heads],
    'attention, 1024': [scaledDotProductAttention, longHeads, longHeads, longHeads],
    'attention, 1024, causal': [
      (q, k, v) => scaledDotProductAttention(q, k, v, { causal: true }),
      longHeads,
      longHeads,
      longHeads,
    ],
  },
  'other reductions': {
    'prod, last axis': [(x) => prod(x, 1), matrix],
    'prod, first axis': [(x) => prod(x, 0), matrix],
    'prod, all': [prod, matrix],
    nansum: [(x) => nansum(x, 1), matrix],
    mean: [(x) => mean(x, 1), matrix],
    norm: [(x) => norm(x, 1), matrix],
    'norm, all': [norm, matrix],
    'norm, p = 1': [(x) => norm(x, 1, { p: 1 }), matrix],
    'norm, p = 3': [(x) => norm(x, 1, { p: 3 }), matrix],
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
    'roll, both axes': [(x) => roll(x, [10, 20], [0, 1]), matrix],
    'pad, zeros': [(x) => pad(x, [...Array(2)].fill([1, 1])), images],
    'concat, first axis': [(x, y) => concat([x, y], 0), [500, 1000], [500, 1000]],
    'concat, last axis': [(x, y) => concat([x, y], 1), [1000, 500], [1000, 500]],
    'stack, last axis': [(x, y) => stack([x, y], 2), [500, 1000], [500, 1000]],
    'flip, last axis': [(x) => clone(flip(x, 1)), matrix],
    tile: [(x) => tile(x, [2, 2]), [500, 500]],
    'pixel shuffle': [(x) => pixelShuffle(x, 2), images],
    tril: [tril, matrix],
    dropout: [(x) => dropout(x), matrix],
    'unfold 3×3': [(x) => unfold(x, 3, { padding: 1 }), small],
    'fold 3×3': [(x) => fold(x, [32, 32], 3, { padding: 1 }), [16, 144, 1024]],
    'fold 2×2, stride 2': [(x) => fold(x, [32, 32], 2, { stride: 2 }), [16, 256, 256]],
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
    hardshrink: [hardshrink, matrix],
    hardtanh: [hardtanh, matrix],
    relu6: [relu6, matrix],
    celu: [celu, matrix],
    'gelu by tanh': [(x) => gelu(x, { approximate: 'tanh' }), matrix],
    logSigmoid: [logSigmoid, matrix],
    softsign: [softsign, matrix],
    tanhshrink: [tanhshrink, matrix],
    aplu: [aplu, images, [64, 2], [64, 2]],
    squash: [squash, [31_250, 32]],
  },
  'other functions': {
    lgamma: [lgamma, matrix],
    square: [square, matrix],
    reciprocal: [reciprocal, matrix],
    rsqrt: [rsqrt, matrix],
    'pow 3': [(x) => pow(x, 3), matrix],
    logit: [logit, matrix],
  },
  losses: {
    'Huber loss': [towards(huberLoss), matrix, matrix],
    'smooth L1 loss': [towards(smoothL1Loss), matrix, matrix],
    'squared error': [towards(mseLoss), matrix, matrix],
    'absolute error': [towards(l1Loss), matrix, matrix],
    'binary cross entropy': [(x, t) => binaryCrossEntropy(x.mul(0.9), t.mul(0.9).detach()), matrix, matrix],
    'binary cross entropy of logits': [towards(binaryCrossEntropyWithLogits), matrix, matrix],
    'Kullback-Leibler': [towards(klDiv), matrix, matrix],
    'soft margin': [towards(softMarginLoss), matrix, matrix],
    'cosine embedding': [(x, y, t) => cosineEmbeddingLoss(x, y, t.sign().detach()), matrix, matrix, [1000]],
    'triplet margin': [(a, p, n) => tripletMarginLoss(a, p, n), matrix, matrix, matrix],
    'hinge loss': [towards(hingeLoss), matrix, matrix],
    'Poisson loss': [towards(poissonNllLoss), matrix, matrix],
  },
};

const cases: Case[] = Object.entries(families).flatMap(([section, family]) =>
  Object.entries(family).flatMap(([name, [op, ...shapes]]): Case[] => {
    // Activations do different things on the two sides of 0.
    const input = (shape: number[]): Tensor =>
      section === 'other activations' ? randn(shape) : (rand(shape).add(0.1) as Tensor);
    const inputs = (): Tensor[] => shapes.map(input);
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

const { optim } = adjoint;
/** Parameters of 10⁶ elements with their gradients. */
const trained = (): Tensor[] =>
  [600, 400].map((rows): Tensor => {
    const parameter: Tensor = randn([rows, 1000]);
    parameter.requireGrad().grad = randn([rows, 1000]);
    return parameter;
  });

const million = 1_000_000;
const tokens = (): Tensor<[number, number], 'int32'> => randint(0, 10_000, [512, 32]);
/** Losses of labels, with what they are of. */
const ofLabels: Record<string, () => [x: Tensor, loss: (x: Tensor) => Tensor]> = {
  /** 100 steps of 32 sequences, with 20 labels each out of 40. */
  'CTC loss': () => {
    const labels: Tensor = randint(1, 40, [32, 20]);
    const [steps, lengths] = [new Array(32).fill(100), new Array(32).fill(20)];
    return [adjoint.logSoftmax(randn([100, 32, 40]), 2), (x) => adjoint.ctcLoss(x, labels, steps, lengths)];
  },
  'likelihood of labels': () => {
    const labels = randint(0, 1000, [1000]);
    return [adjoint.logSoftmax(randn(matrix), 1), (x) => adjoint.nllLoss(x, labels)];
  },
  'margins of labels': () => {
    const labels = randint(0, 1000, [1000]);
    return [randn(matrix), (x) => adjoint.multiMarginLoss(x, labels)];
  },
};
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
  randperm: () => () => adjoint.randperm(million),
  'embedding, padding': () => {
    const [weight, indices]: Tensor[] = [randn([10_000, 64]), randint(0, 10_000, [16_000])];
    return () => adjoint.embedding(indices, weight, { paddingIdx: 0 });
  },
  'one hot [10000, 100]': () => {
    const classes = randint(0, 100, [10_000]);
    return () => adjoint.oneHot(classes, 100);
  },
  'multinomial, 100 of 1000': () => {
    const weights: Tensor = rand(matrix);
    return () => adjoint.multinomial(weights, 100);
  },
  'median [1000, 1000]': () => {
    const x: Tensor = randn(matrix);
    return () => adjoint.median(x, 1);
  },
  'median, all': () => {
    const x: Tensor = randn([million]);
    return () => adjoint.median(x);
  },
  'quantile [1000, 1000]': () => {
    const x: Tensor = randn(matrix);
    return () => adjoint.quantile(x, 0.3, 1);
  },
  unique: () => {
    const x = randint(0, 1000, [million]);
    return () => adjoint.unique(x);
  },
  'index select, last axis': () => {
    const [x, index] = [randn(matrix) as Tensor, randint(0, 1000, [1000])];
    return () => indexSelect(x, 1, index);
  },
  'gather, first axis': () => {
    const [x, index] = [randn(matrix) as Tensor, randint(0, 1000, matrix)];
    return () => adjoint.gather(x, 0, index);
  },
  'matrix exponential [256, 256]': () => {
    const x: Tensor = randn([256, 256]).div(16);
    return () => adjoint.linalg.matrixExp(x);
  },
  'matrix exponential [64, 64, 64]': () => {
    const x: Tensor = randn([64, 64, 64]).div(8);
    return () => adjoint.linalg.matrixExp(x);
  },
};
for (const [name, setup] of Object.entries(others)) {
  cases.push({ name, ask: `elements ${name}`, section: 'draws and searches', setup });
}

for (const [name, make] of Object.entries(ofLabels)) {
  const setup = (): (() => unknown) => {
    const [x, loss] = make();
    return () => loss(x);
  };
  const gradient = (): (() => unknown) => {
    const [x, loss] = make();
    return backward(loss, x);
  };
  for (const [kind, made] of [
    [name, setup],
    [`${name} gradient`, gradient],
  ] as const) {
    cases.push({ name: kind, ask: `elements ${kind}`, section: 'losses of labels', setup: made });
  }
}

const scores = { 'mean squared error': meanSquaredError, r2 };
for (const [name, score] of Object.entries(scores)) {
  cases.push({
    name: `metric ${name}`,
    ask: `elements metric ${name}`,
    section: 'metrics',
    setup: () => {
      const [output, target]: Tensor[] = [randn([million]), randn([million])];
      return () => score(output, target);
    },
  });
}

const clips = {
  'clip by norm': (parameters: Tensor[]) => optim.clipGradNorm(parameters, 1),
  'clip by value': (parameters: Tensor[]) => optim.clipGradValue(parameters, 0.5),
};
for (const [name, clip] of Object.entries(clips)) {
  cases.push({
    name,
    ask: `elements ${name}`,
    section: 'clipping',
    setup: () => {
      const parameters = trained();
      return () => clip(parameters);
    },
  });
}

const rules = { Adagrad: optim.Adagrad, RMSprop: optim.RMSprop, Adadelta: optim.Adadelta, Adamax: optim.Adamax };
const laterRules = { NAdam: optim.NAdam, RAdam: optim.RAdam, ASGD: optim.ASGD, Rprop: optim.Rprop };
for (const [name, Rule] of Object.entries({ ...rules, ...laterRules })) {
  cases.push({
    name,
    ask: `elements ${name}`,
    section: 'optimisers written as formulas',
    setup: () => {
      const parameters = trained();
      const optimizer = new Rule(parameters, { lr: 1e-9 });
      return () => optimizer.step();
    },
  });
}

export const layerCases: readonly Case[] = cases;
