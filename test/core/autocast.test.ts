import {
  autocast,
  avgPool2d,
  batchNorm,
  binaryCrossEntropy,
  capture,
  checkpoint,
  concat,
  conv2d,
  crossEntropy,
  customGradient,
  eigvalsh,
  gelu,
  grad,
  gradcheck,
  l1Loss,
  layerNorm,
  leakyRelu,
  linear,
  matmul,
  maxPool2d,
  mseLoss,
  noGrad,
  ones,
  rand,
  randint,
  StateError,
  seed,
  stack,
  type Tensor,
  tensor,
  ValueError,
  where,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/capture/plan.js';
import { productDType } from '../../lib/core/autocast.js';
import { rounded, wholes } from '../bfloat16.js';
import { engines, expectClose, type Plain, randomSequence } from '../harness.js';

const lowered = <R>(body: () => R): R => autocast('bfloat16', body);
const plain = (x: Tensor): Plain => ({ shape: x.shape, data: [...x.to('float64').data()] });

/** Products: the first two operands are multiplied, the third is a bias. */
const products: { name: string; shapes: number[][]; op: (...operands: any[]) => Tensor }[] = [
  {
    name: 'matmul',
    shapes: [
      [7, 33],
      [33, 18],
    ],
    op: matmul as never,
  },
  {
    name: 'matmul of batches that broadcast',
    shapes: [
      [2, 3, 5],
      [5, 4],
    ],
    op: matmul as never,
  },
  { name: 'linear', shapes: [[6, 20], [9, 20], [9]], op: linear as never },
  {
    name: 'linear without bias',
    shapes: [
      [2, 3, 20],
      [9, 20],
    ],
    op: linear as never,
  },
  { name: 'conv2d', shapes: [[2, 3, 6, 5], [4, 3, 3, 3], [4]], op: (x, w, b) => conv2d(x, w, b, { padding: 1 }) },
  {
    name: 'conv2d in groups, with strides',
    shapes: [
      [2, 4, 6, 5],
      [4, 2, 3, 2],
    ],
    op: (x, w) => conv2d(x, w, undefined, { stride: 2, groups: 2 }),
  },
];

/** The operands as a product in bfloat16 sees them, in float64. */
const seen = (operands: readonly Tensor[]): Tensor[] =>
  operands.map((x, i) => (i < 2 ? rounded(x) : x.detach().to('float64')));

describe.each(engines)('autocast on $name', ({ use }) => {
  it.each(products)('$name rounds what it multiplies to bfloat16, and nothing else', ({ shapes, op }) => {
    use();
    const random = randomSequence(1);
    const operands = shapes.map((shape) => wholes(shape, random));
    const y = lowered(() => op(...operands));
    expect(y.dtype).toBe('float32');
    expect(y.toArray()).toEqual(op(...seen(operands)).toArray());
    expect(y.toArray()).not.toEqual(op(...operands).toArray());
  });

  it.each(products)('$name agrees with its formula on fractions', ({ shapes, op }) => {
    use();
    seed(2);
    const operands: Tensor[] = shapes.map((shape) => rand(shape).sub(0.5));
    expectClose(
      lowered(() => op(...operands)),
      plain(op(...seen(operands))),
    );
  });

  it.each(products)('$name has gradients that are products in bfloat16, wherever backward runs', ({ shapes, op }) => {
    use();
    const random = randomSequence(3);
    const operands = shapes.map((shape) => wholes(shape, random).requireGrad());
    const y = lowered(() => op(...operands));
    const dy = wholes(y.shape, random);
    y.backward(dy);

    const gradients = (dy: Tensor): unknown[] => {
      const xs = seen(operands).map((x) => x.requireGrad());
      op(...xs).backward(dy);
      return xs.map(({ grad }) => grad?.toArray());
    };
    const [ofFactors, ofBias] = [gradients(rounded(dy)), gradients(dy.to('float64'))];
    operands.forEach(({ grad }, i) => {
      expect(grad?.dtype).toBe('float32');
      expect(grad?.toArray()).toEqual((i < 2 ? ofFactors : ofBias)[i]);
    });
  });

  it('takes a product outside of it in float32, though backward runs inside', () => {
    use();
    const random = randomSequence(4);
    const w = wholes([5, 3], random).requireGrad();
    const x = wholes([4, 5], random);
    const y = matmul(x, w);
    const dy = wholes([4, 3], random);
    lowered(() => y.backward(dy));
    expect(w.grad?.toArray()).toEqual(matmul(x.transpose().to('float64'), dy.to('float64')).toArray());
  });

  it('differentiates a product as what it is, to the second order', () => {
    use();
    /** The same in float64: a product of rounded factors, whose gradients are such products. */
    const product: (a: Tensor, b: Tensor) => Tensor = customGradient((a: Tensor, b: Tensor) => ({
      value: matmul(rounded(a), rounded(b)),
      backward: (dy: Tensor) => [product(dy, b.transpose()), product(a.transpose(), dy)],
    }));
    const random = randomSequence(5);
    const [x, w, u] = [wholes([3, 4], random), wholes([4, 2], random), wholes([3, 4], random)];
    const second = (f: (a: Tensor, b: Tensor) => Tensor, dtype: 'float32' | 'float64'): Tensor => {
      const slope = (w: Tensor) => grad((x: Tensor) => f(x, w).square().sum())(x.to(dtype));
      const derivative = grad((w: Tensor) => slope(w).mul(u.to(dtype)).sum())(w.to(dtype));
      return derivative.mul(2 ** -40);
    };
    const expected = plain(second(product, 'float64'));
    expectClose(
      lowered(() => second(matmul as never, 'float32')),
      expected,
    );
    const unrounded = second(matmul as never, 'float64').to('float32');
    expect(() => expectClose(unrounded, expected)).toThrow('element 0 is');
  });

  it('leaves float64, integers, and what is bfloat16 already as they are', () => {
    use();
    const random = randomSequence(6);
    const [a, b] = [wholes([4, 6], random), wholes([6, 3], random)];
    for (const dtype of ['float64', 'int32', 'bfloat16'] as const) {
      const multiply = (): Tensor => matmul(a.to(dtype), b.to(dtype));
      const y = lowered(multiply);
      expect(y.dtype).toBe(dtype);
      expect(y.data()).toEqual(multiply().data());
    }
    expect(lowered(() => matmul(a.to('bfloat16'), b)).toArray()).toEqual(matmul(rounded(a), rounded(b)).toArray());
    expect(matmul(a.to('bfloat16'), b).toArray()).toEqual(matmul(rounded(a), b.to('float64')).toArray());
  });

  it('gives the same bits captured, inside the step and around it, with the same kernels and as much memory', () => {
    use();
    seed(7);
    const [x, w, dy] = [rand([12, 20]), rand([9, 20]).requireGrad(), rand([12, 9])];
    const body = (x: Tensor): Tensor[] => {
      w.grad = null;
      const y = linear(x, w as Tensor<[9, 20]>).relu();
      y.backward(dy);
      return [y, (w.grad as unknown as Tensor).clone()];
    };
    const bits = (tensors: readonly Tensor[]): unknown => tensors.map((tensor) => tensor.data());
    const [high, low] = [bits(body(x)), bits(lowered(() => body(x)))];
    expect(low).not.toEqual(high);

    const inside = capture((x: Tensor) => lowered(() => body(x)));
    const around = capture(body);
    for (let call = 0; call < 3; call++) {
      expect(bits(inside(x))).toEqual(low);
      expect(bits(lowered(() => around(x)))).toEqual(low);
      expect(bits(around(x))).toEqual(high);
    }
    expect(inside.plans.length).toBe(1);
    expect(around.plans.length).toBe(2);
    const [first, second] = (around.plans as unknown as Plan[]).map(({ fingerprint, arenaBytes }) => ({
      kernels: fingerprint.map((line) => line.split('(')[0]),
      arenaBytes,
    }));
    expect(first).toEqual(second);
  });

  it('computes again in what it computed in: checkpoint', () => {
    use();
    const random = randomSequence(8);
    const [x, w] = [wholes([4, 6], random), wholes([6, 3], random)];
    const gradient = (wrap: (f: (w: Tensor) => Tensor) => (w: Tensor) => Tensor): unknown => {
      const leaf = w.clone().requireGrad();
      const y = lowered(() => wrap((w) => matmul(x, w).square())(leaf));
      y.sum().backward();
      return leaf.grad?.data();
    };
    expect(gradient((f) => checkpoint(f))).toEqual(gradient((f) => f));
    const high = w.clone().requireGrad();
    matmul(x, high).square().sum().backward();
    expect(gradient((f) => checkpoint(f))).not.toEqual(high.grad?.data());
  });

  it('lowers no product within another op: the gradient of eigenvalues', () => {
    use();
    seed(9);
    const a = rand([5, 5], { dtype: 'float32' });
    const symmetric = a.add(a.transpose());
    const slopes = (): unknown => grad((x: Tensor) => eigvalsh(x).square().sum())(symmetric).data();
    expect(lowered(slopes)).toEqual(slopes());
  });

  const functions = [
    ...['exp', 'expm1', 'log', 'log1p', 'log2', 'sqrt', 'rsqrt', 'reciprocal', 'sin', 'cos', 'tan', 'tanh', 'sigmoid'],
    ...['softplus', 'erf', 'relu', 'square', 'abs', 'neg', 'sum', 'mean', 'prod', 'variance'],
    ...['std', 'norm', 'max', 'logSumExp'],
  ] as const;
  /** What is not a product. */
  const others: Record<string, (x: Tensor) => Tensor> = {
    ...Object.fromEntries(functions.map((name) => [name, (x: Tensor) => x[name as 'exp']()])),
    gelu: (x) => gelu(x),
    leakyRelu: (x) => leakyRelu(x),
    pow: (x) => x.pow(3),
    clamp: (x) => x.clamp({ min: 0.2, max: 0.7 }),
    cumsum: (x) => x.cumsum(-1),
    softmax: (x) => x.softmax(-1),
    logSoftmax: (x) => x.logSoftmax(-1),
    layerNorm: (x) => layerNorm(x, [6], { weight: ones([6]), bias: ones([6]) }),
    batchNorm: (x) => batchNorm(x, null, null, { training: true }),
    crossEntropy: (x) => crossEntropy(x.reshape([24, 6]), randint(0, 6, [24])),
    mseLoss: (x) => mseLoss(x, ones(x.shape)),
    l1Loss: (x) => l1Loss(x, ones(x.shape)),
    binaryCrossEntropy: (x) => binaryCrossEntropy(x, ones(x.shape)),
    maxPool2d: (x) => maxPool2d(x, { kernelSize: 2 }),
    avgPool2d: (x) => avgPool2d(x, { kernelSize: 2 }),
    add: (x) => x.add(ones([6])),
    sub: (x) => x.sub(ones([6])),
    mul: (x) => x.mul(ones([6])),
    div: (x) => x.div(ones([6]).mul(3)),
    where: (x) => where(x.gt(0.5), x, ones([6])),
    concat: (x) => concat([x, ones(x.shape)], 0),
    stack: (x) => stack([x, x]),
  };
  it.each(Object.keys(others))('%s gives the same bits and dtypes inside', (name) => {
    use();
    seed(10);
    const x = rand([2, 3, 4, 6]).mul(0.9).add(0.05);
    for (const dtype of ['float32', 'bfloat16'] as const) {
      const compute = (): unknown => {
        seed(11);
        const leaf = x.to(dtype).detach().requireGrad();
        const y = others[name](leaf);
        y.sum().backward();
        return { dtype: y.dtype, y: y.data(), grad: leaf.grad?.dtype, values: leaf.grad?.data() };
      };
      expect(lowered(compute)).toEqual(compute());
    }
  });
});

describe('autocast', () => {
  it('nests, and ends however its body ends', () => {
    const seenInside: string[] = [];
    lowered(() => {
      seenInside.push(productDType());
      autocast('float32', () => {
        seenInside.push(productDType());
        lowered(() => seenInside.push(productDType()));
        seenInside.push(productDType());
      });
      expect(() =>
        autocast('float32', () => {
          throw new Error('of the body');
        }),
      ).toThrow('of the body');
      seenInside.push(productDType());
      noGrad(() => seenInside.push(productDType()));
    });
    expect(seenInside).toEqual(['bfloat16', 'float32', 'bfloat16', 'float32', 'bfloat16', 'bfloat16']);
    expect(productDType()).toBe('float32');
  });

  it('is back to what it was after a backward through products of both kinds, and one that fails', () => {
    const w = tensor([[1, 2]]).requireGrad();
    const failing = customGradient((x: Tensor) => ({
      value: x,
      backward: () => {
        throw new Error(`in ${productDType()}`);
      },
    }));
    const low = lowered(() => matmul(w, w.transpose()));
    matmul(low, w).sum().backward();
    expect(productDType()).toBe('float32');
    const y = lowered(() => failing(w));
    expect(() => y.sum().backward()).toThrow('in bfloat16');
    expect(productDType()).toBe('float32');
  });

  it('passes the gradient check in float64', () => {
    seed(12);
    const [x, w] = [rand([3, 4]).to('float64'), rand([4, 2]).to('float64')];
    lowered(() => gradcheck((x: Tensor, w: Tensor) => matmul(x, w).square(), [x, w], { order: 2 }));
  });

  it('refuses a promise, and what is no dtype of products', () => {
    const refused = (body: () => unknown): unknown => {
      try {
        return body();
      } catch (error) {
        return error;
      }
    };
    expect(refused(() => lowered(async () => 1))).toEqual(
      new StateError(
        'autocast: the callback must be synchronous; got a promise; call autocast around each synchronous part',
      ),
    );
    expect(productDType()).toBe('float32');
    expect(refused(() => autocast('float16' as never, () => 1))).toEqual(
      new ValueError("autocast: dtype must be 'bfloat16' or 'float32'; got 'float16'"),
    );
  });
});
