import * as adjoint from 'adjoint';
import { AdjointError, concat, linalg, nn, noGrad, stack, Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { engines } from '../harness.js';
import { expectClose, type Recorded, read, toTensor } from './golden.js';

/*
 * The edges: no examples, one, axes of size 0, lengths of 0 and 1, masks over everything, infinities, NaN, denormals. PyTorch
 * says what is right, of the cases in edges.py beside this file, or it stands here what is done instead, and why.
 */

interface Edge {
  name: string;
  inputs: Record<string, Recorded>;
  /** null where PyTorch refuses. */
  outputs: Record<string, Recorded> | null;
}

/** How an edge is computed. What is not here is the function of that name. */
type Call = (...inputs: any[]) => unknown;

/** A layer whose weights are all 0.25. */
function layer(module: nn.Module): nn.Module {
  for (const weight of module.parameters()) nn.init.constant(weight, 0.25);
  return module;
}

const forward =
  (make: () => nn.Module): Call =>
  (...inputs) =>
    layer(make()).forward(...inputs);

const packed =
  (make: () => nn.Module): Call =>
  (x, lengths) => {
    const [y, state] = layer(make()).forward(nn.packPaddedSequence(x, [...lengths.data()], { enforceSorted: false }));
    return [nn.padPackedSequence(y)[0], state];
  };

const layers: Record<string, Call> = {
  Linear: forward(() => new nn.Linear(3, 2)),
  'Linear of no inputs': forward(() => new nn.Linear(0, 2)),
  Conv1d: forward(() => new nn.Conv1d(2, 3, 2)),
  Conv2d: forward(() => new nn.Conv2d(2, 3, 2, { padding: 1 })),
  Conv3d: forward(() => new nn.Conv3d(1, 2, 2)),
  ConvTranspose1d: forward(() => new nn.ConvTranspose1d(2, 3, 2)),
  ConvTranspose2d: forward(() => new nn.ConvTranspose2d(2, 3, 2)),
  BatchNorm1d: forward(() => new nn.BatchNorm1d(3)),
  'BatchNorm1d in evaluation': forward(() => new nn.BatchNorm1d(3).eval()),
  BatchNorm2d: forward(() => new nn.BatchNorm2d(3)),
  LayerNorm: forward(() => new nn.LayerNorm(3)),
  'LayerNorm of one': forward(() => new nn.LayerNorm(1)),
  GroupNorm: forward(() => new nn.GroupNorm(1, 2)),
  InstanceNorm1d: forward(() => new nn.InstanceNorm1d(2)),
  LocalResponseNorm: forward(() => new nn.LocalResponseNorm(2)),
  Embedding: forward(() => new nn.Embedding(3, 2)),
  'EmbeddingBag sum': forward(() => new nn.EmbeddingBag(3, 2, { mode: 'sum' })),
  'EmbeddingBag mean': forward(() => new nn.EmbeddingBag(3, 2, { mode: 'mean' })),
  'EmbeddingBag max': forward(() => new nn.EmbeddingBag(3, 2, { mode: 'max' })),
  MaxPool1d: forward(() => new nn.MaxPool1d(2)),
  MaxPool2d: forward(() => new nn.MaxPool2d(2)),
  'MaxPool2d of a border': forward(() => new nn.MaxPool2d(2, { padding: 1 })),
  MaxPool3d: forward(() => new nn.MaxPool3d(2)),
  AvgPool1d: forward(() => new nn.AvgPool1d(2)),
  AvgPool2d: forward(() => new nn.AvgPool2d(2)),
  AvgPool3d: forward(() => new nn.AvgPool3d(2)),
  AdaptiveAvgPool2d: forward(() => new nn.AdaptiveAvgPool2d(2)),
  AdaptiveMaxPool2d: forward(() => new nn.AdaptiveMaxPool2d(2)),
  LPPool2d: forward(() => new nn.LPPool2d(2, 2)),
  PixelShuffle: forward(() => new nn.PixelShuffle(2)),
  Upsample: forward(() => new nn.Upsample({ scaleFactor: 2 })),
  'Upsample bilinear': forward(() => new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })),
  Unfold: forward(() => new nn.Unfold(2)),
  Flatten: forward(() => new nn.Flatten()),
  RNN: forward(() => new nn.RNN(3, 2)),
  GRU: forward(() => new nn.GRU(3, 2)),
  LSTM: forward(() => new nn.LSTM(3, 2)),
  'RNN packed': packed(() => new nn.RNN(3, 2)),
  'GRU packed': packed(() => new nn.GRU(3, 2)),
  'LSTM packed': packed(() => new nn.LSTM(3, 2)),
  RNNCell: forward(() => new nn.RNNCell(3, 2)),
  GRUCell: forward(() => new nn.GRUCell(3, 2)),
  LSTMCell: forward(() => new nn.LSTMCell(3, 2)),
  MultiheadAttention: (q, k) => layer(attention()).forward(q, k, k),
  'MultiheadAttention masked': (q, k, keyPaddingMask) => layer(attention()).forward(q, k, k, { keyPaddingMask }),
  TransformerEncoderLayer: (x) => layer(encoder()).forward(x),
  'TransformerEncoderLayer masked': (x, keyPaddingMask) => layer(encoder()).forward(x, { keyPaddingMask }),
};

const attention = () => new nn.MultiheadAttention(4, 2, { batchFirst: true });
const encoder = () => new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8, dropout: 0, batchFirst: true });

const functions: Record<string, Call> = {
  ...(Object.fromEntries(Object.entries({ ...adjoint, ...linalg }).filter(([, f]) => typeof f === 'function')) as any),
  'einsum ij,jk->ik': (a, b) => adjoint.einsum('ij,jk->ik', a, b),
  concat: (a, b) => concat([a, b]),
  stack: (a, b) => stack([a, b]),
  flip: (x) => x.flip(0),
  pad: (x) => x.pad([[1, 1]]),
  pow: (a, b) => adjoint.pow(a, b),
  qr: (x) => Object.values(linalg.qr(x)),
  ...layers,
};

const axisLast: readonly string[] = [
  ...['softmax', 'logSoftmax', 'logSumExp', 'sum', 'mean', 'prod', 'max', 'min', 'argmax', 'argmin', 'variance', 'std'],
  ...['norm', 'cumsum', 'cumprod', 'logcumsumexp', 'nansum', 'nanmean', 'diff'],
];
const several: readonly string[] = ['cummax', 'cummin', 'sort', 'aminmax'];

function callOf(name: string): Call {
  const [op, reduction] = name.split(' ');
  if (axisLast.includes(name)) return (x) => functions[name](x, -1);
  if (several.includes(name)) return (x) => Object.values(functions[name](x, -1) as object);
  if (name === 'all' || name === 'any') return (x) => functions[name](x.ne(0), -1);
  if (name === 'median') return (x) => adjoint.median(x, -1).values;
  if (name === 'quantile') return (x) => adjoint.quantile(x, 0.5, -1);
  if (name === 'topK') return (x) => Object.values(adjoint.topK(x, 1, -1));
  if (op === 'ctcLoss')
    return (x, ...rest) =>
      adjoint.ctcLoss(x.logSoftmax(2), ...(rest as [any, any, any]), { reduction: reduction as 'mean' });
  if (['mean', 'sum', 'none'].includes(reduction) && !(name in functions))
    return (...x) => functions[op](...x, { reduction });
  return functions[name];
}

const tensorsOf = (result: unknown): Tensor[] =>
  result instanceof Tensor ? [result] : Array.isArray(result) ? result.flatMap(tensorsOf) : [];

/** `[2] 1,NaN; [1] 0`: to three digits. */
const textOf = (tensors: readonly { shape: readonly number[]; data: readonly unknown[] }[]): string =>
  tensors
    .map(({ shape, data }) => `[${shape}] ${data.map((value) => Number(Number(value).toPrecision(3)))}`.trim())
    .join('; ');

const edges = read<Edge>('edges').map((edge) => ({
  ...edge,
  of: textOf(Object.values(edge.inputs).map((x) => (x.data.length > 9 ? { ...x, data: [] } : x))),
}));

/** Where the answer is another, by the reason: what is given or said instead. */
const instead: Record<string, Record<string, string>> = {
  'statistics of no examples would make the running ones NaN': {
    'BatchNorm1d of [0,3]':
      'batchNorm: training needs more than 1 value per channel; got x [0, 3]; use a larger batch, or eval()',
    'BatchNorm2d of [0,3,2,2]':
      'batchNorm: training needs more than 1 value per channel; got x [0, 3, 2, 2]; use a larger batch, or eval()',
  },
  'what PyTorch refuses has a meaning': {
    'Conv2d of [2,2,0,3]': `[2,3,1,4] ${new Array(24).fill(0.25)}`,
    'InstanceNorm1d of [1,2,1] 0.5,1': '[1,2,1] 0,0',
    'MaxPool2d of [1,0,4,4]': '[1,0,2,2]',
    'quantile of [0,3]': '[0]',
  },
  'a query that sees no key has weights 0, not NaN': {
    'MultiheadAttention masked of [1,2,4] 0.5,1,1.5,2,2.5,3,3.5,4; [1,2,4] 0.5,1,1.5,2,2.5,3,3.5,4; [1,2] 1,1':
      '[1,2,4] 0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25; [1,2,2] 0,0,0,0',
    'MultiheadAttention masked of [2,2,4]; [2,2,4]; [2,2] 1,1,0,0':
      '[2,2,4] 0.25,0.25,0.25,0.25,0.25,0.25,0.25,0.25,7.75,7.75,7.75,7.75,7.75,7.75,7.75,7.75; [2,2,2] 0,0,0,0,1.75e-7,1,6.13e-10,1',
    'TransformerEncoderLayer masked of [2,2,4]; [2,2] 1,1,0,0': `[2,2,4] ${new Array(4).fill([-0.0854, 0.138, 0.362, 0.585])}`,
  },
  'NaN is not lost; PyTorch 2 keeps it in softshrink too': {
    'softshrink of [9] Infinity,-Infinity,NaN,1e+38,-1e+38,1e-40,-1e-40,0,1':
      '[9] Infinity,-Infinity,NaN,1e+38,-1e+38,0,0,0,0.5',
    'sign of [9] Infinity,-Infinity,NaN,1e+38,-1e+38,1e-40,-1e-40,0,1': '[9] 1,-1,NaN,1,-1,1,-1,0,1',
  },
  'a sum beyond float32 is none': {
    'variance of [5,3]': '[5] NaN,NaN,NaN,Infinity,0',
    'std of [5,3]': '[5] NaN,NaN,NaN,Infinity,0',
  },
};

/** What is given where it is not PyTorch's answer; null where it is. */
function otherwise({ name, inputs, outputs }: Edge): string | null {
  const x = Object.values(inputs).map((one) => toTensor(one, 'float32'));
  let results: Tensor[];
  try {
    results = noGrad(() => tensorsOf(callOf(name)(...x)));
  } catch (error) {
    if (!(error instanceof AdjointError)) throw error;
    return outputs === null ? null : error.message;
  }
  const given = textOf(results.map((y) => ({ shape: y.shape, data: [...y.to('float64').data()] })));
  if (outputs === null) return given;
  try {
    expect(results.length).toBe(Object.keys(outputs).length);
    Object.values(outputs).forEach((y, i) => {
      expectClose(name, results[i], y, 'float32');
    });
    return null;
  } catch {
    return given;
  }
}

it.each(engines)("are PyTorch's, or said to be others, on $name", ({ use }) => {
  use();
  const found = edges.flatMap((edge) => {
    const answer = otherwise(edge);
    return answer === null ? [] : [[`${edge.name} of ${edge.of}`, answer] as const];
  });
  expect(Object.fromEntries(found)).toEqual(Object.assign({}, ...Object.values(instead)));
});
