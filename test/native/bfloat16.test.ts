import { type RealDType, setNumThreads, type Tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { fusedFunctions, run } from '../../lib/backend/index.js';
import { rounded, roundedNumber, wholes } from '../bfloat16.js';
import { engines, randomSequence } from '../harness.js';
import { naiveMatmul } from './naive.js';

/* What the kernels of products owe bfloat16, whatever instructions they have for it; sums of whole numbers are exact. */

type Float = 'bfloat16' | 'float32';
const floats: readonly Float[] = ['float32', 'bfloat16'];

interface Case {
  y: Float;
  a: Float;
  b: Float;
  bias: Float | null;
  /** Number 1 of the call. */
  rounds: boolean;
}

const cases: Case[] = floats.flatMap((y) =>
  floats.flatMap((a) =>
    floats.flatMap((b) =>
      [null, ...floats].flatMap((bias) =>
        (a === 'bfloat16' || b === 'bfloat16' ? [false, true] : [true]).map((rounds) => ({ y, a, b, bias, rounds })),
      ),
    ),
  ),
);

const sizes = [
  [1, 1, 1],
  [3, 0, 2],
  [5, 1, 19],
  [17, 33, 16],
  [40, 31, 70],
  [1, 40, 65],
  [66, 8, 1],
];

const dense = (x: Tensor) => ({ shape: [...x.shape] as number[], values: x.to('float64').data() as Float64Array });

/** The same values with the last two axes the other way round in memory. */
const turned = (x: Tensor): Tensor => x.transpose(-2, -1).clone().transpose(-2, -1);

describe.each(engines)('bfloat16 on $name', ({ use }) => {
  it.each(cases)('y $y = a $a · b $b + bias $bias, told to round: $rounds', ({ y: result, a, b, bias, rounds }) => {
    use();
    const random = randomSequence(1);
    for (const [m, k, n] of sizes) {
      const operands = [wholes([2, m, k], random), wholes([2, k, n], random)];
      const offset = bias === null ? [] : [wholes([n], random).to(bias)];
      const wanted = naiveMatmul([...operands.map(rounded), ...offset].map(dense));
      const expected = [...wanted.values].map((x) => (result === 'bfloat16' ? roundedNumber(x) : x));
      const [p, q] = [operands[0].to(a as RealDType), operands[1].to(b as RealDType)];
      for (const [left, right] of [
        [p, q],
        [turned(p), turned(q)],
      ]) {
        for (const threads of [1, 2]) {
          setNumThreads(threads);
          const y = zeros([2, m, n], { dtype: result });
          run('matmul', [y, left, right, ...offset], rounds ? [0, 1] : []);
          expect([...y.to('float64').data()], `${m} ${k} ${n}`).toEqual(expected);
        }
      }
      const y: Tensor = turned(zeros([2, m, n], { dtype: result }));
      run('matmul', [y, p, q, ...offset], rounds ? [0, 1] : []);
      expect([...y.to('float64').data()], `${m} ${k} ${n}, into columns`).toEqual(expected);
    }
  });

  it('reads what a batch repeats, and applies a function to the sums', () => {
    use();
    const random = randomSequence(2);
    const [a, b] = [wholes([4, 9, 12], random), wholes([12, 18], random)];
    const expected = Array.from({ length: 4 }, (_, i) => [
      ...naiveMatmul([rounded(a.slice([i, i + 1])), rounded(b).reshape([1, 12, 18])].map(dense)).values,
    ]).flat();
    const relu = fusedFunctions().get('relu');
    for (const dtype of floats) {
      const y: Tensor = zeros([4, 9, 18], { dtype });
      run('matmul', [y, a, b.expand([4, 12, 18])], [0, 1]);
      const values = dtype === 'bfloat16' ? expected.map(roundedNumber) : expected;
      expect([...y.to('float64').data()]).toEqual(values);
      if (relu === undefined) continue; // the reference engine applies none
      run('matmul', [y, a, b.expand([4, 12, 18])], [relu.code + 1, 1]);
      expect([...y.to('float64').data()]).toEqual(values.map((x) => Math.max(x, 0)));
    }
  });

  it('rounds to nearest, ties to even, and carries NaN and infinities', () => {
    use();
    const tie = 2 ** -8;
    const values = [1 + tie, 1 + 3 * tie, 1 + tie + 2 ** -20, -(1 + tie), 3.5e38, Number.NaN, Number.NEGATIVE_INFINITY];
    const a = zeros([7, 1]);
    a.storage.data.set(values);
    const one = zeros([1, 1]);
    one.storage.data.set([1]);
    const expected = [1, 1 + 4 * tie, 1 + 2 * tie, -1, Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY];
    for (const dtype of floats) {
      const y: Tensor = zeros([7, 1], { dtype });
      run('matmul', [y, a, one], [0, 1]);
      expect([...y.to('float64').data()]).toEqual(expected);
    }
  });
});
