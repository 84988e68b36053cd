/* Holds tensors on purpose, in each of the ways that there are; prints what the reports say, as JSON. */
import * as adjoint from 'adjoint';
import { crossEntropy, leakReport, nn, optim, rand, randint, seed, type Tensor, tensor } from 'adjoint';

seed(1);
const model = new nn.Sequential(new nn.Linear(16, 32), new nn.Tanh(), new nn.Linear(32, 4));
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const inputs = rand([64, 16]);
const labels = randint(0, 4, [64]);

function step(): void {
  optimizer.zeroGrad();
  crossEntropy(model.forward(inputs), labels).backward();
  optimizer.step();
}

const captured = adjoint.capture(step);
const losses: Tensor[] = [];
const cache = new Map<string, Tensor>();
const listeners: (() => number)[] = [];
const state: Record<string, Tensor> = {};
const results: Tensor[] = [];

const rows = tensor([2, 0, 2], { dtype: 'int32' });
/** Ops of which no derivative reads the operand [4, 1, 6, 6], nor the result. */
const linearOps: Record<string, (x: Tensor) => Tensor> = {
  reshape: (x) => x.reshape([4, 36]),
  permute: (x) => x.permute([3, 2, 1, 0]),
  slice: (x) => x.slice([1, 3]),
  expand: (x) => x.expand([4, 5, 6, 6]),
  pad: (x) => adjoint.pad(x, [[1, 1]]),
  to: (x) => x.to('float64'),
  clone: (x) => x.clone(),
  sum: (x) => x.sum(1),
  mean: (x) => x.mean(),
  cumsum: (x) => x.cumsum(2),
  add: (x) => x.add(1),
  neg: (x) => x.neg(),
  mul: (x) => x.mul(3),
  where: (x) => adjoint.where(adjoint.ones([6]).gt(0), x, 0),
  concat: (x) => adjoint.concat([x, x], 1),
  indexSelect: (x) => x.indexSelect(0, rows),
  gather: (x) => x.gather(0, adjoint.zeros([1, 1, 6, 6], { dtype: 'int32' })),
  avgPool2d: (x) => adjoint.avgPool2d(x, { kernelSize: 2 }),
  maxPool2d: (x) => adjoint.maxPool2d(x, { kernelSize: 2 }),
};

const cases: Record<string, () => unknown> = {
  'the first step': step,
  nothing: () => {
    for (let i = 0; i < 5; i++) step();
    optimizer.zeroGrad();
  },
  'losses with their graphs': () => {
    for (let i = 0; i < 5; i++) losses.push(crossEntropy(model.forward(inputs), labels));
  },
  'a map': async () => {
    await Promise.resolve();
    cache.set('batch', rand([100, 10]));
  },
  'a closure': () => {
    const big = rand([200, 10]);
    listeners.push(() => big.size);
  },
  'a property': () => {
    state['last'] = rand([300, 10]).mul(2);
  },
  'the global object': () => {
    Object.assign(globalThis, { forgotten: rand([400, 10]) });
  },
  'a retained graph': () => {
    const x = rand([500, 10]).requireGrad();
    state['loss'] = x.sin().sum();
    state['loss'].backward(undefined, { retainGraph: true });
  },
  'a captured step': () => {
    for (let i = 0; i < 3; i++) captured();
    optimizer.zeroGrad();
  },
  'what linear ops leave': () => {
    for (const op of Object.values(linearOps)) results.push(op(rand([4, 1, 6, 6]).requireGrad().add(1)).add(1));
  },
};

const reports: Record<string, unknown> = {};
for (const [name, body] of Object.entries(cases)) {
  const report = await leakReport(body);
  reports[name] = { ...report, text: String(report) };
}
console.log(JSON.stringify(reports));
// Read here, so that they are in use above.
if (losses.length + cache.size + listeners.length + results.length === 0) throw new Error('nothing was kept');
