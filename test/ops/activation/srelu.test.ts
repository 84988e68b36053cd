import { ones, relu, srelu, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { byChannel, channelSamples } from '../../channels.js';
import { spec } from '../../harness.js';

const named = (x: Tensor, tr: Tensor, ar: Tensor, tl: Tensor, al: Tensor): Tensor => srelu(x, { tr, ar, tl, al });
const reference = byChannel((x, tr, ar, tl, al) => (x >= tr ? tr + ar * (x - tr) : x <= tl ? tl + al * (x - tl) : x));

spec('srelu', named, {
  reference,
  samples: channelSamples(4).map(({ operands: [x, tr, ar, tl, al] }) => ({
    operands: [x, { ...tr, range: [0.2, 1] }, ar, { ...tl, range: [-1, -0.2] }, al],
  })),
  errors: [
    {
      call: () => named(ones([2, 3, 4]), tensor([1, 2]), tensor([1]), tensor([1]), tensor([1])),
      says: 'srelu: tr must be [1] or [3], by the channels of x [2, 3, 4]; got [2]',
    },
  ],
});

it('srelu has the gradients of lecture notes 004, lines 4224–4233', () => {
  const x = tensor([-2, 0.5, 3]).requireGrad();
  const parameters = [1, 0.25, -1, 0.5].map((value) => tensor([value]).requireGrad());
  const [tr, ar, tl, al] = parameters;
  srelu(x, { tr, ar, tl, al }).sum().backward();
  expect(x.grad?.toArray()).toEqual([0.5, 1, 0.25]);
  // 1 − ar, x − tr, 1 − al, x − tl
  expect(parameters.map(({ grad }) => grad?.item())).toEqual([0.75, 2, 0.5, -1]);
});

it('lecture notes 004, line 4220: srelu with al = tl = 0 is relu up to tr', () => {
  const x = tensor([-3, -0.5, 0, 0.5, 3.75]);
  const [tr, ar, tl, al] = [4, 0.5, 0, 0].map((value) => tensor([value]));
  expect(srelu(x, { tr, ar, tl, al }).abs().toArray()).toEqual(relu(x).toArray());
  expect(srelu(tensor([5]), { tr, ar, tl, al }).item()).toBe(4.5);
});
