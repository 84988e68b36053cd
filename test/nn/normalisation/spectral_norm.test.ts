import { Generator, linear, nn, randn, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('SpectralNorm', {
  make: (options) => {
    const { generator } = options;
    // In training u and v follow the weight, which finite differences see and the gradient leaves out.
    return new nn.SpectralNorm(new nn.Linear(3, 2, options), { generator }).eval();
  },
  inputs: [
    [2, 3],
    [1, 3],
    [0, 3],
  ],
  equals: ({ u, v, training, layer: { weight, bias } }, x) => {
    const unit = (y: Tensor): Tensor => y.div(y.norm().add(1e-12));
    const right: Tensor = training ? unit(weight.transpose().matmul(u)) : v;
    const left: Tensor = training ? unit(weight.matmul(right)) : u;
    return linear(x, weight.div(left.mul(weight.matmul(right)).sum()), bias as Tensor);
  },
  keepsNothing: false,
  text: [
    'SpectralNorm(',
    "  name='weight', powerIterations=1, eps=1e-12",
    '  (layer): Linear(inFeatures=3, outFeatures=2)',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.SpectralNorm(new nn.Linear(2, 2), { powerIterations: 0 }),
      says: 'SpectralNorm: powerIterations must be a whole number ≥ 1; got 0',
    },
    {
      call: () => new nn.SpectralNorm(new nn.Tanh()),
      says: 'SpectralNorm: the layer must have a parameter of at least 2 axes as its field weight; got Tanh',
    },
  ],
});

it('SpectralNorm divides by the largest singular value, and follows it in training only', () => {
  const layer = new nn.Linear(2, 2, { bias: false });
  layer.weight.assign(
    tensor([
      [3, 0],
      [0, 1],
    ]),
  );
  const wrapped = new nn.SpectralNorm(layer, { generator: new Generator(1) });
  const unit = tensor([
    [1, 0],
    [0, 1],
  ]);
  const stretched = (): number[] => [...(wrapped.forward(unit) as Tensor).data()].map((v) => Math.round(1e4 * v) / 1e4);
  expect(stretched()).toEqual([1, 0, 0, 0.3333]);
  layer.weight.assign(
    tensor([
      [3, 0],
      [0, 6],
    ]),
  );
  wrapped.eval();
  expect(stretched()).toEqual([1, 0, 0, 2]);
  wrapped.train();
  for (let i = 0; i < 60; i++) wrapped.forward(randn([1, 2]));
  expect(stretched()).toEqual([0.5, 0, 0, 1]);
});
