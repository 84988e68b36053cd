import { crossEntropy, grad, hessian, hvp, mul, nn, perSampleGrad, randn, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose } from '../harness.js';

const like = (x: Tensor): { shape: number[]; data: number[] } => ({ shape: [...x.shape], data: [...x.data()] });

it('functionalCall runs a module with other parameters and leaves it as it was', () => {
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2));
  const [x, bias] = [randn([5, 3]), tensor([10, 20])];
  const before = net.parameters();
  const y = nn.functionalCall(net, { '2.bias': bias }, x);
  expect(net.parameters()).toEqual(before);
  expect(net.parameters().every((parameter, i) => parameter === before[i])).toBe(true);
  expectClose(
    y.detach(),
    like(
      net
        .forward(x)
        .sub(net.layers[2].bias as Tensor)
        .add(bias)
        .detach(),
    ),
    { slack: 10 },
  );
});

it('functionalCall makes a network a function of its parameters', () => {
  const net = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2));
  const parameters = Object.fromEntries(net.namedParameters());
  const [x, y] = [randn([6, 3]), tensor([0, 1, 1, 0, 1, 0], { dtype: 'int32' })];
  const loss = (p: typeof parameters, x: Tensor, y: Tensor): Tensor => crossEntropy(nn.functionalCall(net, p, x), y);
  crossEntropy(net.forward(x), y).backward();
  const gradient = grad(loss)(parameters, x, y);
  const each = perSampleGrad(loss)(parameters, x, y);
  expect(Object.keys(gradient)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  for (const [name, parameter] of net.namedParameters()) {
    expectClose(gradient[name], like(parameter.grad as Tensor));
    expect(each[name].shape).toEqual([6, ...parameter.shape]);
    expectClose(each[name].mean(0), like(parameter.grad as Tensor), { slack: 10 });
  }
  const v = Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, mul(p, 2).detach()]));
  const Hv = hvp(loss)(parameters, v, x, y)['2.bias'];
  const row = hessian(loss)(parameters, x, y)['2.bias'];
  const sum = Object.keys(v)
    .map((name) => row[name].reshape([2, v[name].size]).matmul(v[name].flatten()))
    .reduce((a, b) => a.add(b));
  expectClose(Hv, like(sum), { slack: 20 });
});

it('functionalCall replaces tied tensors, arrays of them and buffers', () => {
  class Tied extends nn.Module {
    readonly encoder = new nn.Linear(2, 2, { bias: false });
    readonly decoder = this.encoder;
    readonly scales = [nn.parameter(tensor([1])), nn.parameter(tensor([2]))];
    readonly shift = nn.buffer(tensor([5]));
    forward(x: Tensor): Tensor {
      const scale = this.scales[0].mul(this.scales[1]);
      return this.decoder.forward(this.encoder.forward(x)).mul(scale).add(this.shift);
    }
  }
  const module = new Tied();
  const double = tensor([
    [2, 0],
    [0, 2],
  ]);
  const y = nn.functionalCall(
    module,
    { 'encoder.weight': double, 'scales.1': tensor([10]), shift: tensor([1]) },
    tensor([[1, 3]]),
  );
  expect(y.toArray()).toEqual([[41, 121]]);
  expect([module.scales[1].item(), module.shift.item()]).toEqual([2, 5]);
});

it('functionalCall restores after an error, and states its own', () => {
  const layer = new nn.Linear(3, 2);
  const { weight } = layer;
  expect(() => nn.functionalCall(layer, { weight: zeros([2, 3]) }, zeros([1, 4]) as never)).toThrow();
  expect(layer.weight).toBe(weight);
  expect(() => nn.functionalCall(layer, { wieght: zeros([2, 3]) }, zeros([1, 3]))).toThrow(
    'functionalCall: Linear has no parameter or buffer wieght; it has weight, bias',
  );
  expect(() => nn.functionalCall(layer, { weight: zeros([3, 2]) }, zeros([1, 3]))).toThrow(
    'functionalCall: weight must be [2, 3]; got [3, 2]',
  );
});
