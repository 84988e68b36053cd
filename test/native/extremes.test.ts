import { afterAll, describe, expect, it } from 'vitest';
import { readsResults, resultCount } from '../../lib/backend/index.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { rowMajor } from '../../lib/backend/reference/loops.js';
import { referenceBackend } from '../../lib/backend/reference.js';
import type { RealDType } from '../../lib/core/dtype.js';
import { roundedNumber } from '../bfloat16.js';
import { randomSequence } from '../harness.js';
import { kernelCalls } from './calls/index.js';
import { isConstant, type KernelCall, type Operand } from './calls/operand.js';
import { atTheEnd, elements, runOn } from './memory.js';
import { naiveConv2d, naiveConv2dBias, naiveConv2dInput, naiveConv2dWeight } from './naive.js';

/*
 * NaN, infinities and denormals through every kernel. The reference engine says what is right, of float32 in float64, to
 * which its denormals are ordinary numbers; where it lacks a kernel, the native one in float64 does.
 */

const addon = loadAddon();
const native = nativeBackend(addon).run;
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

type Contents = readonly Float64Array[];

const isFloat = ({ dtype }: Operand): boolean => dtype === 'float32' || dtype === 'float64';
const isOperand = (call: KernelCall, i: number): boolean =>
  isFloat(call.views[i]) && !isConstant(call.views[i]) && (i >= resultCount(call) || readsResults(call.kernel));

const place = ({ dtype, shape }: Operand) => atTheEnd(dtype, shape);

const wide = (operand: Operand): Operand => (operand.dtype === 'float32' ? { ...operand, dtype: 'float64' } : operand);

const isTransform = ({ kernel }: KernelCall): boolean => kernel.endsWith('fft');
/** The reference rounds what it computes of denormals to their step, which a matrix's condition multiplies. */
const isDecomposition = ({ kernel }: KernelCall): boolean => ['lu', 'qr'].includes(kernel);
/** A quotient of sums of denormals has no more digits than they have. */
const isMean = ({ kernel, numbers }: KernelCall): boolean => kernel.startsWith('crossEntropy') && numbers[2] === 1;
const isConvolution = ({ kernel }: KernelCall): boolean => kernel.startsWith('conv2d');

const roomOf = (call: KernelCall, dtype: string): number => {
  if (isDecomposition(call)) return Math.max(tolerance[dtype], 1e-9);
  return isMean(call) ? 8 * tolerance[dtype] : tolerance[dtype];
};

function convolved({ kernel, views, numbers }: KernelCall, contents: Contents): Float64Array[] {
  const round = numbers[8] === 1 ? roundedNumber : (x: number) => x;
  const operands = views.map(({ shape }, i) => ({ shape, values: contents[i] }));
  const [a, b] = (kernel === 'conv2dWeight' ? operands.slice(-2) : operands.slice(1)).map(({ shape, values }) => ({
    shape,
    values: values.map(round),
  }));
  const { shape } = views[0];
  if (kernel.startsWith('conv2dInput')) return [naiveConv2dInput(shape, a, b, numbers).values];
  if (kernel !== 'conv2dWeight') return [naiveConv2d(shape, a, b, numbers, operands[3]).values];
  const dw = naiveConv2dWeight(shape, a, b, numbers).values;
  return views.length > 3 ? [dw, naiveConv2dBias(operands[3]).values] : [dw];
}

/** The results as they should be; null where nothing tells. */
function wanted(call: KernelCall, contents: Contents): readonly Float64Array[] | null {
  if (isConvolution(call)) return convolved(call, contents);
  const widened = { ...call, views: call.views.map(wide) };
  const known = referenceBackend.has(call.kernel);
  if (!known && call.views.every(({ dtype }) => dtype !== 'float32')) return null;
  return runOn(known ? referenceBackend.run : native, widened, contents, place).results;
}

/** Where the dtype's denormals begin, and their step. */
const least: Readonly<Record<string, { normal: number; step: number }>> = {
  float32: { normal: 2 ** -126, step: 2 ** -149 },
  float64: { normal: 2 ** -1022, step: 2 ** -1074 },
};
const tolerance: Readonly<Record<string, number>> = { float32: 1e-5, float64: 1e-12 };

interface Trial {
  readonly call: KernelCall;
  readonly contents: Contents;
  readonly name: string;
  /** Every element is right by itself, not beside the largest of them. */
  readonly alone?: true;
}

/**
 * The first element that is wrong; −1 if there is none. A sum of many products of denormals rounds each of them. The zeros
 * around an image may meet an infinity, and 0 · ∞ is NaN. One number that is not finite spoils a line that is transformed,
 * and what each element of it becomes hangs on the order of the sums.
 */
function wrong({ call, alone }: Trial, actual: Float64Array, expected: Float64Array, dtype: RealDType): number {
  if (!(dtype in least)) return actual.findIndex((value, i) => value !== expected[i]);
  const rounded = dtype === 'float32' ? Float64Array.from(expected, Math.fround) : expected;
  const largest = rounded.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  return actual.findIndex((value, i) => {
    if (isConvolution(call) && Number.isNaN(value)) return false;
    if (isTransform(call) && !Number.isFinite(rounded[i])) return false;
    const room = roomOf(call, dtype) * (alone ? Math.abs(rounded[i]) : largest) + 64 * least[dtype].step;
    return !(Object.is(value, rounded[i]) || Math.abs(value - rounded[i]) <= room);
  });
}

const nameOf = ({ kernel, views, numbers }: KernelCall): string =>
  `${kernel} of ${views.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ')}; ${numbers}`;

const random = randomSequence(6);
const filled = ({ views }: KernelCall): Contents => views.map((view) => elements(view, random));

// `peak` makes numbers that mean nothing.
const calls = kernelCalls(addon.elementwise).filter(
  (call) =>
    call.kernel !== 'peak' &&
    call.views.every(({ dtype }) => dtype !== 'bfloat16') &&
    call.views.some((_, i) => isOperand(call, i)),
);

/** log σ, which its gradient reads, is never above 0. */
const isLogarithm = ({ kernel }: KernelCall, i: number): boolean => kernel === 'logSigmoidGradient' && i === 2;

/** Every 16th element or so is something else. */
function extreme(call: KernelCall): Trial {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  const one = (x: number): number => (random() < 1 / 16 ? special[Math.floor(random() * special.length)] : x);
  const contents = filled(call).map((values, i) => {
    if (!isOperand(call, i)) return values;
    return values.map(isLogarithm(call, i) ? (x) => Math.min(one(x), 0) : one);
  });
  return { call, contents, name: nameOf(call) };
}

const exponentials = ['exp', 'sigmoid', 'softplus', 'softmax'];
/** Operands that are denormals, together and one by one; whose products are; whose exponentials are. */
function denormal(call: KernelCall): Trial[] {
  const single = call.views.some(({ dtype }) => dtype === 'float32');
  const [tiny, root] = single ? [2 ** -132, 2 ** -66] : [2 ** -1032, 2 ** -516];
  // Where nothing is left of an exponential.
  const range = single ? 104 : 746;
  const all = call.views.flatMap((_, i) => (isOperand(call, i) ? [i] : []));
  const changed = (what: string, which: readonly number[], change: (x: number) => number): Trial => {
    const round = single ? Math.fround : (x: number) => x;
    const contents = filled(call).map((values, i) => {
      return which.includes(i) ? values.map((x) => round(change(x))) : values;
    });
    return { call, contents, name: `${nameOf(call)}; ${what}` };
  };
  const trials = [
    changed('denormals', all, (x) => x * tiny),
    ...all.map((i) => changed(`denormals in view ${i}`, [i], (x) => x * tiny)),
    changed('products that are denormals', all, (x) => x * root),
  ];
  if (!exponentials.includes(call.kernel)) return trials;
  return [...trials, { ...changed('small exponentials', all, (x) => (range * (x - 2)) / 4), alone: true }];
}

/** Calls that are wrong; those that can be told are shown to `visit`. */
const failures = (trials: readonly Trial[], visit?: (call: KernelCall, expected: Contents) => void): string[] =>
  trials.flatMap((trial) => {
    const { call, contents, name } = trial;
    const expected = wanted(call, contents);
    if (expected === null) return [];
    visit?.(call, expected);
    const { results } = runOn(native, call, contents, place);
    return results.flatMap((result, r) => {
      // What it keeps for the gradient is of no use where the loss is NaN.
      if (call.kernel === 'crossEntropy' && r > 0 && expected[0].some(Number.isNaN)) return [];
      const at = wrong(trial, result, expected[r], call.views[r].dtype);
      return at < 0 ? [] : [`${name}: result ${r}, element ${at} is ${result[at]}, not ${expected[r][at]}`];
    });
  });

/** Convolutions that round otherwise: in bfloat16, or by Winograd's transforms. */
const rounds = ({ kernel, numbers }: KernelCall): boolean =>
  kernel.endsWith('Winograd') || (kernel.startsWith('conv2d') && numbers[8] === 1);

const extremeTrials = calls.flatMap((call) => [extreme(call), extreme(call)]);
const denormalTrials = calls.filter((call) => !rounds(call)).flatMap(denormal);

describe.each(addon.isas)('on %s', (isa) => {
  it('carries NaN and infinities as the reference does', () => {
    addon.setIsa(isa);
    expect(failures(extremeTrials)).toEqual([]);
  });

  it('keeps denormals', () => {
    addon.setIsa(isa);
    const gave = new Set<string>();
    const wrong = failures(denormalTrials, ({ kernel, views }, expected) => {
      expected.forEach((result, r) => {
        const { normal } = least[views[r].dtype] ?? { normal: 0 };
        if (result.some((x) => x !== 0 && Math.abs(x) < normal)) gave.add(kernel);
      });
    });
    expect(wrong).toEqual([]);
    // Some two dozen have none: signs, whole numbers, logarithms, cosines, comparisons.
    expect(gave.size).toBeGreaterThanOrEqual(74);
  });

  it('takes denormals in products of bfloat16 for what they are, or, where the processor does, for 0', () => {
    addon.setIsa(isa);
    const flushed = isa === 'avx512bf16';
    const product = (left: number[], right: number[]): number => {
      const y = rowMajor(new Float32Array(1), [1, 1]);
      native(
        'matmul',
        [y, rowMajor(Float32Array.from(left), [1, 2]), rowMajor(Float32Array.from(right), [2, 1])],
        [0, 1],
      );
      return y.storage.data[0];
    };
    const [tiny, root] = [2 ** -130, 2 ** -65];
    expect(product([tiny, 0], [2 ** 20, 1])).toBe(flushed ? 0 : 2 ** 20 * tiny);
    expect(product([root, root], [root, root])).toBe(flushed ? 0 : 2 * tiny);
    // A sum of normal numbers is as it should be.
    expect(product([root, 0], [2 ** -60, 1])).toBe(root * 2 ** -60);
  });

  it('keeps denormals on every thread, and leaves the process its arithmetic', () => {
    addon.setIsa(isa);
    addon.setThreads(2);
    const size = 1 << 20;
    const operand = (x: number) => rowMajor(new Float32Array(size).fill(x), [size]);
    const [y, a, b] = [operand(Number.NaN), operand(2 ** -70), operand(1.5 * 2 ** -70)];
    for (let round = 0; round < 5; round++) {
      native('mul', [y, a, b], []);
      expect(y.storage.data.every((x) => x === 1.5 * 2 ** -140)).toBe(true);
    }
    // What flushing, or another direction of rounding, would change.
    const [one, least] = [y.storage.data.length / size, Number.MIN_VALUE];
    expect([least * one, one + 2 ** -53, one - 2 ** -54, -one - 2 ** -53]).toEqual([least, 1, 1, -1]);
  });
});
