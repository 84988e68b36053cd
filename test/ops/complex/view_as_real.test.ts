import { capture, DTypeError, type Tensor, tensor, viewAsComplex, viewAsReal, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { complexes, onPairs } from '../../complex.js';
import { engines, spec } from '../../harness.js';

const samples = [[2], [3, 2], [0, 2], [2, 19, 2]].map((shape) => ({ operands: [{ shape }] }));

spec(
  'viewAsReal',
  onPairs((x) => x),
  {
    reference: ([x]) => x,
    samples,
    errors: [{ call: () => viewAsReal(zeros([2])), says: 'viewAsReal: the operand must be complex; got float32' }],
  },
);

spec('viewAsComplex', (x) => viewAsReal(viewAsComplex(x)), {
  reference: ([x]) => x,
  samples,
  errors: [
    {
      call: () => viewAsComplex(zeros([2, 3])),
      says: 'viewAsComplex: the last axis must have 2 elements, real and imaginary part; got shape [2, 3]',
    },
    {
      call: () => viewAsComplex(zeros([2], { dtype: 'int32' })),
      says: "viewAsComplex: parts must be float32 or float64; got int32; convert with to('float32')",
    },
  ],
});

describe.each(engines)('complex tensors on $name', ({ use }) => {
  it('share memory with their pairs', () => {
    use();
    const pairs = tensor([
      [1, 2],
      [3, -4],
    ]);
    const z = viewAsComplex(pairs);
    expect(z.dtype).toBe('complex64');
    expect(z.storage).toBe(pairs.storage);
    expect(viewAsReal(z).storage).toBe(pairs.storage);
    expect(z.toArray()).toEqual([
      { re: 1, im: 2 },
      { re: 3, im: -4 },
    ]);
    expect(z.slice(1).item()).toEqual({ re: 3, im: -4 });
    expect([...z.slice([null, null, -1]).data()]).toEqual([3, -4, 1, 2]);
  });

  it('are values and results of captured steps, wherever their memory begins', () => {
    use();
    const [x, y] = [
      complexes([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      complexes([
        [0, 1],
        [2, 0],
        [1, 1],
      ]),
    ];
    const step = capture((a: Tensor, b: Tensor) => [a.mul(b), a.conj(), a.abs()]);
    for (const from of [0, 1]) {
      const [a, b] = [x.slice([from, from + 2]), y.slice([from, from + 2])];
      const eager = [a.mul(b), a.conj(), a.abs()].map((each) => each.toArray());
      expect(step(a, b).map((each) => each.toArray())).toEqual(eager);
      expect(step(a, b).map((each) => each.toArray())).toEqual(eager);
    }
    expect(step.plans.length).toBe(1);
    // Pairs of real numbers have another plan.
    expect(() => step(viewAsReal(x).slice([0, 2]), viewAsReal(y).slice([0, 2]))).not.toThrow();
  });

  it('gather gradients ∂L/∂re + i ∂L/∂im', () => {
    use();
    const z = complexes([
      [3, 4],
      [0, 0],
    ]).requireGrad();
    // |z|² has the gradient 2 z, as in PyTorch.
    z.mul(z.conj()).real().sum().backward();
    expect(z.grad?.toArray()).toEqual([
      { re: 6, im: 8 },
      { re: 0, im: 0 },
    ]);
    z.abs().sum().backward();
    expect([...(z.grad?.data() ?? [])]).toEqual([6.6, 8.8, 0, 0]);
    expect(() => z.mul(2).slice(0).backward()).toThrow(
      new DTypeError(
        'backward: a complex result has no gradient to start from by itself; got complex128; reduce it to a real one (abs, real) or pass one',
      ),
    );
  });

  it('print as NumPy prints them', () => {
    use();
    expect(
      complexes([
        [1, 2],
        [0.5, -10],
      ]).toString(),
    ).toBe('tensor([1.  +2.j, 0.5-10.j], complex128)');
  });
});
