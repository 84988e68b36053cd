import {
  batchNorm,
  concat,
  crossEntropy,
  Generator,
  gelu,
  groupNorm,
  gru,
  layerNorm,
  logSoftmax,
  lstm,
  rnn,
  scaledDotProductAttention,
  setBackend,
  setNumThreads,
  softmax,
  type Tensor,
  tensor,
} from 'adjoint';
import { describe, it } from 'vitest';
import { engines, expectClose, expectSame, type Plain, randomSequence } from '../harness.js';

/*
 * Fused kernels on tensors that take several chunks of a parallel loop: results and first derivatives against the formula on
 * the reference backend, and with the same bits on one thread and on two.
 */

function values(shape: number[], seed: number): Tensor {
  const random = randomSequence(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: size }, () => 4 * random() - 2),
    { shape },
  );
}

function labels(count: number, classes: number): Tensor {
  const random = randomSequence(count);
  return tensor(Int32Array.from({ length: count }, () => Math.floor(random() * (classes + 1)) - 1));
}

interface Fused {
  name: string;
  shapes: number[][];
  op: (...inputs: Tensor[]) => Tensor;
}

const cases: Fused[] = [
  { name: 'softmax of rows', shapes: [[700, 61]], op: (x) => softmax(x) },
  { name: 'softmax of columns', shapes: [[3, 61, 130]], op: (x) => softmax(x, 1) },
  { name: 'logSoftmax of rows', shapes: [[700, 61]], op: (x) => logSoftmax(x) },
  { name: 'logSoftmax of columns', shapes: [[3, 61, 130]], op: (x) => logSoftmax(x, 1) },
  {
    name: 'crossEntropy',
    shapes: [[4000, 10]],
    op: (x) => crossEntropy(x, labels(4000, 10), { ignoreIndex: -1, labelSmoothing: 0.1 }),
  },
  {
    name: 'crossEntropy of images',
    shapes: [[2, 5, 40, 50]],
    op: (x) => crossEntropy(x, labels(4000, 5).reshape([2, 40, 50]), { ignoreIndex: -1, reduction: 'none' }),
  },
  {
    name: 'batchNorm of images',
    shapes: [[16, 7, 19, 23], [7], [7]],
    op: (x, weight, bias) => batchNorm(x, null, null, { weight, bias, training: true }),
  },
  {
    name: 'batchNorm of vectors',
    shapes: [[200, 300], [300], [300]],
    op: (x, weight, bias) => batchNorm(x, null, null, { weight, bias, training: true }),
  },
  {
    name: 'layerNorm',
    shapes: [[200, 300], [300], [300]],
    op: (x, weight, bias) => layerNorm(x, [300], { weight, bias }),
  },
  {
    name: 'attention of few matrices, shared out by tiles',
    shapes: [300, 290, 290].map((rows) => [2, rows, 24]),
    op: (q, k, v) => scaledDotProductAttention(q, k, v, { causal: true }),
  },
  {
    name: 'attention of many matrices, with a mask',
    shapes: [131, 270, 270].map((rows) => [3, 3, rows, 9]),
    op: (q, k, v) =>
      scaledDotProductAttention(q, k, v, {
        mask: labels(3 * 270, 2)
          .ge(1)
          .reshape([3, 1, 1, 270]),
      }),
  },
  {
    name: 'attention with an added mask and dropout',
    shapes: [
      [2, 140, 7],
      [2, 133, 7],
      [2, 133, 20],
    ],
    op: (q, k, v) =>
      scaledDotProductAttention(q, k, v, {
        mask: values([140, 133], 5).to(q.dtype),
        dropout: 0.2,
        generator: new Generator(1),
      }),
  },
  {
    name: 'groupNorm',
    shapes: [[20, 12, 30, 30], [12], [12]],
    op: (x, weight, bias) => groupNorm(x, 3, { weight, bias }),
  },
  {
    // More units than a panel is deep.
    name: 'rnn',
    shapes: [
      [3, 31, 9],
      [300, 9],
      [300, 300],
    ],
    op: (x, weightIh, weightHh) => rnn(x, weightIh.mul(0.1), weightHh.mul(0.1))[0],
  },
  {
    name: 'lstm',
    shapes: [[5, 31, 9], [280, 9], [280, 70], [280], [31, 70], [31, 70]],
    op: (x, weightIh, weightHh, bias, h0, c0) => {
      const [output, [h, c]] = lstm(x, weightIh.mul(0.3), weightHh.mul(0.3), { biasHh: bias, state: [h0, c0] });
      return concat([output, h.unsqueeze(0), c.unsqueeze(0)]);
    },
  },
  {
    // Few rows: the threads share a step's units.
    name: 'gru',
    shapes: [[5, 9, 9], [630, 9], [630, 210], [630], [9, 210]],
    op: (x, weightIh, weightHh, biasHh, h0) =>
      gru(x, weightIh.mul(0.3), weightHh.mul(0.1), { biasHh, h0, reverse: true })[0],
  },
  { name: 'gelu', shapes: [[70000]], op: (x) => gelu(x) },
  { name: "gelu with approximate 'tanh'", shapes: [[70000]], op: (x) => gelu(x, { approximate: 'tanh' }) },
];

/** The result and the gradients of all operands, from a gradient that differs from element to element. */
function run({ shapes, op }: Fused, dtype: 'float32' | 'float64'): Tensor[] {
  const inputs = shapes.map((shape, i) =>
    values(shape, i + 1)
      .to(dtype)
      .requireGrad(),
  );
  const y = op(...inputs);
  y.backward(values(y.shape, 9).to(dtype));
  return [y.detach(), ...inputs.map((x) => x.grad as Tensor)];
}

const plain = (x: Tensor): Plain => ({ shape: x.shape, data: [...x.data()].map(Number) });

describe.each(engines.filter(({ name }) => name !== 'reference'))('fused kernels on $name', ({ use }) => {
  it.each(cases)('$name', (fused) => {
    setBackend('reference');
    const expected = run(fused, 'float64').map(plain);
    use();
    for (const dtype of ['float32', 'float64'] as const) {
      setNumThreads(1);
      const one = run(fused, dtype);
      setNumThreads(2);
      const two = run(fused, dtype);
      one.forEach((result, i) => {
        expectSame([two[i].data()], [result.data()]);
        // Sums over thousands of elements: gradients of weights reach 10², their rounding grows with the root of the count.
        expectClose(result, expected[i], { slack: 20, what: `${dtype}, ${i === 0 ? 'result' : `gradient ${i - 1}`}` });
      });
    }
  });
});

/** Rows of 41: one with a NaN, one with an infinity, one of nothing but −∞, and two ordinary ones. */
function extremes(): Tensor {
  const x = values([5, 41], 1).data().slice();
  x[17] = Number.NaN;
  x[41 + 5] = Number.POSITIVE_INFINITY;
  x.fill(Number.NEGATIVE_INFINITY, 2 * 41, 3 * 41);
  return tensor(x, { shape: [5, 41] });
}

const ofRows: { name: string; op: (x: Tensor) => Tensor }[] = [
  { name: 'softmax', op: (x) => softmax(x) },
  { name: 'softmax of columns', op: (x) => softmax(x.transpose(), 0) },
  { name: 'logSoftmax', op: (x) => logSoftmax(x) },
  { name: 'crossEntropy', op: (x) => crossEntropy(x, labels(5, 40), { reduction: 'none', ignoreIndex: -1 }) },
  { name: 'layerNorm', op: (x) => layerNorm(x, [41]) },
  { name: 'batchNorm', op: (x) => batchNorm(x.transpose(), null, null, { training: true }) },
  { name: 'groupNorm', op: (x) => groupNorm(x.reshape([5, 41, 1]), 1) },
  {
    name: 'attention',
    op: (x) => scaledDotProductAttention(x, values([7, 41], 2).to(x.dtype), values([7, 9], 3).to(x.dtype)),
  },
  { name: 'rnn', op: (x) => rnn(x.unsqueeze(0), ...weights(x, 1))[0] },
  { name: 'lstm', op: (x) => lstm(x.unsqueeze(0), ...weights(x, 4))[0] },
  { name: 'gru', op: (x) => gru(x.unsqueeze(0), ...weights(x, 3))[0] },
  { name: 'gelu', op: (x) => gelu(x) },
  { name: "gelu with approximate 'tanh'", op: (x) => gelu(x, { approximate: 'tanh' }) },
];

/** Of a recurrent layer with 6 units. */
const weights = (x: Tensor, gates: number): [Tensor, Tensor] => [
  values([6 * gates, 41], 4).to(x.dtype),
  values([6 * gates, 6], 5).to(x.dtype),
];

describe.each(engines.filter(({ name }) => name !== 'reference'))('NaN and infinities on $name', ({ use }) => {
  it.each(ofRows)('$name carries them as its formula does', ({ op }) => {
    setBackend('reference');
    const expected = plain(op(extremes()));
    use();
    for (const dtype of ['float32', 'float64'] as const) {
      expectClose(op(extremes().to(dtype)), expected, { slack: 20, what: dtype });
    }
  });
});
