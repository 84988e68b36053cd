import { add, conv2d, gelu, isRecording, linear, noGrad, ones, pow, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { collected } from '../collected.js';
import { engines } from '../harness.js';

const leaf = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe.each(engines)('backward on $name', ({ use }) => {
  it('adds up in grad over several calls', () => {
    use();
    const x = leaf(1, 2);
    x.mul(x).sum().backward();
    expect(x.grad?.toArray()).toEqual([2, 4]);
    x.mul(3).sum().backward();
    expect(x.grad?.toArray()).toEqual([5, 7]);
  });

  it('adds up over every path of a diamond', () => {
    use();
    const x = leaf(3);
    const y = x.mul(2);
    const z = y.mul(y).add(y); // 4x² + 2x
    z.backward();
    expect(x.grad?.toArray()).toEqual([26]);
  });

  it('visits a node once however many paths lead to it', () => {
    use();
    const x = leaf(1);
    let y: Tensor = x;
    for (let i = 0; i < 64; i++) y = y.add(y).mul(0.5); // 2⁶⁴ paths
    y.backward();
    expect(x.grad?.toArray()).toEqual([1]);
  });

  it('sums over broadcast axes', () => {
    use();
    const x = tensor([[1], [2]], { requiresGrad: true });
    add(x, tensor([10, 20, 30]))
      .sum()
      .backward();
    expect(x.grad?.toArray()).toEqual([[3], [3]]);
  });

  it('starts from a given gradient', () => {
    use();
    const x = leaf(1, 2);
    x.mul(2).backward(tensor([1, 10]));
    expect(x.grad?.toArray()).toEqual([2, 20]);
  });

  it('starts from a given gradient of another dtype', () => {
    use();
    const x = leaf(1, 2);
    gelu(x).backward(tensor([1, 10]));
    const expected = x.grad?.toArray();
    x.grad = null;
    gelu(x).backward(tensor([1, 10], { dtype: 'float64' }));
    expect((x.grad as Tensor | null)?.toArray()).toEqual(expected);
  });

  it('of a leaf is the gradient itself', () => {
    use();
    const x = leaf(5);
    x.backward();
    expect(x.grad?.toArray()).toEqual([1]);
  });

  it('runs again where the graph was retained', () => {
    use();
    const x = leaf(3);
    const y = x.mul(x);
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(x.grad?.toArray()).toEqual([12]);
  });

  it('stops at detach and at leaves that want nothing', () => {
    use();
    const x = leaf(2);
    const w = tensor([3]);
    x.detach().mul(x).mul(w).backward();
    expect([x.grad?.toArray(), w.grad]).toEqual([[6], null]);
  });

  it('keeps gradients of mixed dtypes in the dtype of the leaf', () => {
    use();
    const x = leaf(2);
    x.to('float64')
      .mul(tensor([3], { dtype: 'float64' }))
      .backward();
    expect([x.grad?.dtype, x.grad?.toArray()]).toEqual(['float32', [3]]);
  });

  it('leaves a gradient that was taken before as it was', () => {
    use();
    const x = leaf(1);
    x.mul(2).backward();
    const first = x.grad;
    x.mul(2).backward();
    expect(first?.toArray()).toEqual([2]);
  });
});

it('backward: goes through 10⁵ ops without overflowing the stack', () => {
  const x = leaf(1);
  let y: Tensor = x;
  for (let i = 0; i < 1e5; i++) y = y.add(1);
  y.backward();
  expect(x.grad?.toArray()).toEqual([1]);
});

it('backward: refuses a graph that was released', () => {
  const y = leaf(1).mul(2);
  y.backward();
  expect(() => y.backward()).toThrow(
    'backward: the graph behind this mul was released by an earlier backward; pass { retainGraph: true } to that one',
  );
});

it('backward: refuses a part that was released with another result', () => {
  const shared = leaf(1).mul(2);
  shared.mul(2).backward();
  expect(() => shared.mul(3).backward()).toThrow('backward: the graph behind this mul was released');
});

it('backward: refuses a saved tensor that was overwritten', () => {
  const x = leaf(1, 2);
  const y = x.mul(x).sum();
  noGrad(() => x.assign(tensor([3, 4])));
  expect(() => y.backward()).toThrow(
    'backward: mul saved a tensor of shape [2] that assign has overwritten since ' +
      '(version 0, now 1); run backward before it, or compute the result again',
  );
});

it('backward: notices a write through a view', () => {
  const x = leaf(1, 2);
  const y = x.mul(x).sum();
  x.detach()
    .slice([0, 1])
    .assign(tensor([7]));
  expect(() => y.backward()).toThrow('backward: mul saved a tensor of shape [2] that assign has overwritten since');
});

it('backward: does not mind an overwritten tensor that it does not need', () => {
  const x = leaf(1, 2);
  const y = x.add(2).add(x).sum();
  x.assign(tensor([3, 4]));
  expect(() => y.backward()).not.toThrow();
});

const matrix = (): Tensor =>
  tensor([
    [1, 2],
    [3, 4],
  ]);
const image = (): Tensor => ones([1, 1, 2, 2]);

// `own` needs a gradient and `other` does not.
it.each<[string, (own: Tensor, other: Tensor) => Tensor, () => Tensor]>([
  ['mul', (own, other) => own.mul(other), matrix],
  ['mul from the right', (own, other) => other.mul(own), matrix],
  ['div', (own, other) => own.div(other), matrix],
  ['matmul', (own, other) => own.matmul(other), matrix],
  ['matmul from the right', (own, other) => other.matmul(own), matrix],
  ['linear', (own, other) => linear(own, other, ones([2])), matrix],
  ['linear, of its weight', (own, other) => linear(other, own), matrix],
  ['conv2d', (own, other) => conv2d(own, other, ones([1])), image],
  ['conv2d, of its weight', (own, other) => conv2d(other, own), image],
])('backward: %s of one tracked operand does not read that operand', (_, op, operand) => {
  const [own, other, kept] = [operand().requireGrad(), operand(), operand()];
  const y = op(own, other).sum();
  own.assign(own.detach().mul(2));
  y.backward();

  const expected = kept.requireGrad();
  op(expected, other).sum().backward();
  expect(own.grad?.toArray()).toEqual(expected.grad?.toArray());

  const refused = op(own, other).sum();
  other.assign(kept.detach());
  expect(() => refused.backward()).toThrow('saved a tensor of shape');
});

it('backward: pow by a number reads its base, and of a number the result', () => {
  const base = leaf(2);
  const y = base.pow(4);
  base.assign(tensor([5]));
  expect(() => y.backward()).toThrow('backward: pow saved a tensor of shape [1]');

  const exponent = leaf(3);
  const z = pow(2, exponent);
  exponent.assign(tensor([7]));
  z.backward();
  expect(exponent.grad?.toArray()).toEqual([expect.closeTo(8 * Math.LN2, 5)]);
});

it.each<[string, (h: Tensor) => Tensor]>([
  ['mul', (h) => h.mul(2)],
  ['matmul', (h) => h.matmul(ones([100, 100]))],
  ['relu', (h) => h.relu()],
  ['sum', (h) => h.sum()],
])('%s lets go of an operand that its backward does not read', async (_, op) => {
  const x = ones([100, 100]).requireGrad();
  const [y, memory] = ((h: Tensor) => [op(h), new WeakRef(h.storage)] as const)(x.add(1));
  expect(await collected(memory)).toBe(true);
  y.sum().backward();
  expect(x.grad?.shape).toEqual([100, 100]);
});

it('backward: refuses a tensor that depends on nothing tracked', () => {
  expect(() => tensor(1).backward()).toThrow(
    'backward: this tensor depends on no tensor that requires a gradient; mark one with requireGrad()',
  );
});

it('backward: refuses several elements without a gradient, and one of another shape', () => {
  const y = leaf(1, 2).mul(2);
  expect(() => y.backward()).toThrow(
    'backward: a result of shape [2] needs a gradient of that shape to start from; reduce it to one element (sum, mean) or pass one',
  );
  expect(() => y.backward(tensor([1, 2, 3]))).toThrow(
    "backward: the gradient must have the result's shape [2]; got [3]",
  );
});

it('noGrad: results have no history, and recording returns after an error', () => {
  const x = leaf(1);
  expect(noGrad(() => [x.mul(2).node, isRecording()])).toEqual([null, false]);
  expect(() =>
    noGrad(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(isRecording()).toBe(true);
});

it('noGrad: refuses a promise', () => {
  expect(() => noGrad(async () => 1)).toThrow(
    'noGrad: the callback must be synchronous; got a promise; call noGrad around each synchronous part',
  );
});
