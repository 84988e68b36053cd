import { type DType, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { elementwise, engines, spec, unarySamples } from './harness.js';

/* What the specs of elementwise ops hold beside values and derivatives: the ends of the number line, and every dtype. */

/** NaN, infinities, zeros of both signs, denormals, the largest float32. */
export const extremes = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1e-45,
  -1e-45,
  1e-40,
  3.4028234663852886e38,
  -3.4028234663852886e38,
];

const floats = ['float32', 'float64'] as const;

/** Values, and how they must differ at most: |actual − expected| ≤ tolerance · |expected|, with NaN and ±∞ exact. */
function expectValues(actual: Tensor, expected: readonly number[], tolerance: number, what: string): void {
  const data = actual.to('float64').data();
  expected.forEach((want, i) => {
    // A denormal has few digits: half of its last place is the most that can be asked for.
    const room = tolerance * Math.abs(want) + (actual.dtype === 'float64' ? 1e-323 : 1.5e-45);
    const same = Object.is(data[i], want) || data[i] === want || Math.abs(data[i] - want) <= room;
    if (!same) expect.fail(`${what}: element ${i} is ${data[i]}, expected ${want}`);
  });
}

export interface UnaryClaims {
  /** The function on numbers. */
  reference: (x: number) => number;
  /** What becomes of integers: 'float32' results, their own dtype 'same'. */
  integers: 'float32' | 'same';
  /** Numbers to try beside the extremes. */
  also?: number[];
  /** Integers that the function takes. */
  whole?: number[];
}

export interface Unary extends Partial<Omit<UnaryClaims, 'reference'>> {
  /** The function on numbers. */
  of: (x: number) => number;
  /** Where its derivatives are checked; default −2 … 2. */
  ranges?: [number, number][];
  /** False where no gradient flows; default true. */
  differentiable?: boolean;
}

/** The spec of a function of one number, and its claims. */
export function unary(
  name: string,
  op: (x: any) => Tensor,
  { of, ranges = [[-2, 2]], integers = 'float32', differentiable = true, ...others }: Unary,
): void {
  spec(name, op, { reference: elementwise(of), samples: ranges.flatMap(unarySamples), differentiable });
  unaryClaims(name, op, { reference: of, integers, ...others });
}

/** Extremes in float32 and float64, integers, bool and bfloat16, on every engine. */
export function unaryClaims(
  name: string,
  op: (x: any) => Tensor,
  { reference, integers, also = [], whole = [0, 1, 2, 3, 7] }: UnaryClaims,
): void {
  describe.each(engines)(`${name} on $name`, ({ use }) => {
    it('is right at NaN, infinities, zeros, denormals and the largest numbers', () => {
      use();
      for (const dtype of floats) {
        const x = tensor([...extremes, ...also], { dtype });
        const expected = Array.from(x.data() as Float32Array, (v) => {
          const y = reference(v);
          return dtype === 'float32' ? Math.fround(y) : y;
        });
        expectValues(op(x), expected, dtype === 'float32' ? 1e-6 : 1e-14, dtype);
      }
    });

    it(
      integers === 'same' ? 'keeps the dtype of integers and refuses bool' : 'takes integers and bool to float32',
      () => {
        use();
        for (const dtype of ['int32', 'uint8'] as const) {
          const y = op(tensor(whole, { dtype }));
          expect(y.dtype).toBe(integers === 'same' ? dtype : 'float32');
          // A result that uint8 lacks wraps.
          const expected = whole.map((v) => (y.dtype === 'uint8' ? reference(v) & 255 : reference(v)));
          expectValues(y, expected, 2e-6, dtype);
        }
        const flags = tensor([true, false]);
        if (integers === 'same') {
          expect(() => op(flags)).toThrow(`${name}: a bool tensor has no arithmetic; convert with to('int32')`);
        } else {
          expect(op(flags).dtype).toBe('float32');
          expectValues(op(flags), [reference(1), reference(0)], 2e-6, 'bool');
        }
      },
    );

    it('computes bfloat16 in float32 and rounds', () => {
      use();
      const x = tensor(whole, { dtype: 'bfloat16' });
      const y = op(x);
      expect(y.dtype).toBe('bfloat16');
      expect(y.data()).toEqual(op(x.to('float32')).to('bfloat16').data());
    });
  });
}

export interface BinaryClaims {
  reference: (a: number, b: number) => number;
  /** What becomes of two int32: their own dtype, or float32. */
  integers: 'float32' | 'int32';
}

/** Extremes pairwise, promotion between dtypes, numbers as operands, on every engine. */
export function binaryClaims(
  name: string,
  op: (a: any, b: any) => Tensor,
  { reference, integers }: BinaryClaims,
): void {
  describe.each(engines)(`${name} on $name`, ({ use }) => {
    it('is right for every pair of extremes', () => {
      use();
      const values = [...extremes, 1, -1, 2, -2, 0.5, -3, 1e10];
      for (const dtype of floats) {
        const x = tensor(values, { dtype });
        const exact = Array.from(x.data() as Float32Array);
        const expected = exact.flatMap((a) => exact.map((b) => reference(a, b)));
        const rounded = dtype === 'float32' ? expected.map(Math.fround) : expected;
        expectValues(op(x.reshape([values.length, 1]), x), rounded, dtype === 'float32' ? 1e-6 : 1e-14, dtype);
      }
    });

    it('promotes to the later dtype of bool < uint8 < int32 < bfloat16 < float32 < float64', () => {
      use();
      const order: DType[] = ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'];
      const of = (dtype: DType): Tensor => tensor([1, 1], { dtype });
      for (const [i, first] of order.entries()) {
        for (const [j, second] of order.entries()) {
          if (i === 0 && j === 0) continue;
          const later = order[Math.max(i, j)];
          const y = op(of(first), of(second));
          expect(y.dtype, `${first}, ${second}`).toBe(integers === 'float32' && Math.max(i, j) < 3 ? 'float32' : later);
          expectValues(y, [reference(1, 1), reference(1, 1)], 8e-3, `${first}, ${second}`);
        }
      }
    });

    it('takes a number on either side, in the dtype of the tensor', () => {
      use();
      for (const dtype of ['int32', 'bfloat16', 'float32', 'float64'] as const) {
        const x = tensor([1, 2, 3], { dtype });
        const result = dtype === 'int32' ? integers : dtype;
        expect(op(x, 2).dtype).toBe(result);
        expect(op(2, x).dtype).toBe(result);
        expectValues(
          op(x, 2),
          [1, 2, 3].map((v) => reference(v, 2)),
          8e-3,
          `${dtype}, right`,
        );
        expectValues(
          op(2, x),
          [1, 2, 3].map((v) => reference(2, v)),
          8e-3,
          `${dtype}, left`,
        );
      }
    });
  });

  it(`${name} refuses two numbers and shapes that do not broadcast`, () => {
    expect(() => op(1, 2)).toThrow(`${name}: one operand must be a tensor; got the numbers 1 and 2`);
    expect(() => op(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(
      `${name}: shapes [2] and [3] do not broadcast: 2 and 3 differ in axis -1; ` +
        'each pair of dimensions, aligned at the right, must be equal or have a 1',
    );
  });
}

/** Extremes pairwise, every dtype and mixtures, numbers as operands, on every engine. */
export function comparisonClaims(
  name: string,
  op: (a: any, b: any) => Tensor,
  holds: (a: number, b: number) => number,
): void {
  describe.each(engines)(`${name} on $name`, ({ use }) => {
    it('is right for every pair of extremes', () => {
      use();
      for (const dtype of floats) {
        const x = tensor([...extremes, 1, -1], { dtype });
        const exact = Array.from(x.data() as Float32Array);
        const y = op(x.reshape([exact.length, 1]), x);
        expect(y.dtype).toBe('bool');
        expectValues(
          y,
          exact.flatMap((a) => exact.map((b) => holds(a, b))),
          0,
          dtype,
        );
      }
    });

    it('compares every dtype with every other', () => {
      use();
      const order: DType[] = ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'];
      for (const first of order) {
        for (const second of order) {
          const y = op(tensor([0, 1, 1, 0], { dtype: first }), tensor([0, 1, 0, 1], { dtype: second }));
          expectValues(y, [holds(0, 0), holds(1, 1), holds(1, 0), holds(0, 1)], 0, `${first}, ${second}`);
        }
      }
    });

    it('takes a number on either side', () => {
      use();
      for (const dtype of ['uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const) {
        const x = tensor([1, 2, 3], { dtype });
        expectValues(
          op(x, 2),
          [1, 2, 3].map((v) => holds(v, 2)),
          0,
          `${dtype}, right`,
        );
        expectValues(
          op(2, x),
          [1, 2, 3].map((v) => holds(2, v)),
          0,
          `${dtype}, left`,
        );
      }
    });
  });

  it(`${name} refuses two numbers`, () => {
    expect(() => op(1, 2)).toThrow(`${name}: one operand must be a tensor; got the numbers 1 and 2`);
  });
}
