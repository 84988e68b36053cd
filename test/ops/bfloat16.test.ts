import {
  clamp,
  cumprod,
  cumsum,
  gelu,
  globalAveragePool2d,
  leakyRelu,
  logcumsumexp,
  logSoftmax,
  logSumExp,
  max,
  mean,
  nanmean,
  nansum,
  norm,
  prod,
  randn,
  seed,
  softmax,
  std,
  sum,
  type Tensor,
  variance,
} from 'adjoint';
import { expect, it } from 'vitest';

/* Ops of several steps compute a bfloat16 tensor in float32, and round once. */

const ops: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
  ['clamp', (x) => clamp(x, { min: -0.3, max: 0.7 })],
  ['cumprod', (x) => cumprod(x, 1)],
  ['cumsum', (x) => cumsum(x, 1)],
  ['gelu', (x) => gelu(x)],
  ['globalAveragePool2d', (x) => globalAveragePool2d(x.reshape([1, 4, 4, 7]) as Tensor<[1, 4, 4, 7]>)],
  ['leakyRelu', (x) => leakyRelu(x)],
  ['logcumsumexp', (x) => logcumsumexp(x, 1)],
  ['logSoftmax', (x) => logSoftmax(x)],
  ['logSumExp', (x) => logSumExp(x, 1)],
  ['max', (x) => max(x, 1)],
  ['mean', (x) => mean(x, 1)],
  ['nanmean', (x) => nanmean(x, 1)],
  ['nansum', (x) => nansum(x, 1)],
  ['norm', (x) => norm(x, 1)],
  ['norm of p = 3', (x) => norm(x, 1, { p: 3 })],
  ['prod', (x) => prod(x, 1)],
  ['softmax', (x) => softmax(x)],
  ['std', (x) => std(x, 1)],
  ['sum', (x) => sum(x, 1)],
  ['variance', (x) => variance(x, 1)],
];

it.each(ops)('%s', (_, op) => {
  seed(6);
  const x = randn([4, 28]).to('bfloat16');
  const y = op(x as Tensor);
  expect(y.dtype).toBe('bfloat16');
  expect(y.data()).toEqual(op(x.to('float32')).to('bfloat16').data());
});
