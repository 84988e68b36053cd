import {
  backend,
  capture,
  type DType,
  gradcheck,
  hessian,
  seed,
  setBackend,
  setNumThreads,
  type Tensor,
  tensor,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { type Backend, hasKernel, intercept, resultCount } from '../lib/backend/index.js';
import type { TypedArray } from '../lib/core/dtype.js';
import { alsoElsewhere, bytesOf } from './native/elsewhere.js';

/*
 * One spec an op. From it follow, on the reference backend and on every instruction set that this machine has: the
 * value against a plain float64 loop; contiguous, transposed, sliced and expanded operands; one and two threads
 * bit-equal; captured and eager bit-equal; NaN, infinities and denormals as the formula has them; first and second
 * derivatives, and the first in forward mode, against finite differences; on one sample the third, and the symmetry of the
 * Hessian; each stated error's full text.
 */

/** What a reference implementation computes on: row-major float64 values. */
export interface Plain {
  shape: number[];
  data: number[];
}

/** One operand of a sample. */
export interface Operand {
  shape: number[];
  /** Values are uniform in this range; default −2 … 2. Integers include both ends. */
  range?: [number, number];
  /** Default float: checked in float32 and float64. */
  dtype?: 'float' | 'int32' | 'uint8' | 'bool';
  /** These values instead of random ones. */
  values?: number[];
}

export interface Sample {
  operands: Operand[];
  /** Further arguments of the op. */
  args?: unknown[];
  /** Leave out derivatives here: a kink, a pole, an empty tensor. */
  smooth?: boolean;
}

export interface Spec {
  samples: Sample[];
  /** The result in float64 from the formula alone. */
  reference: (operands: Plain[], ...args: any[]) => Plain;
  /**
   * Whether gradients flow, which is checked to the third order on at least one sample; a claim of none is tested too.
   * 'elsewhere': another spec of the same op has the samples for it. Default true.
   */
  differentiable?: boolean | 'elsewhere';
  /** Extra factor on the tolerance table, for ops that amplify rounding; says why where it is used. */
  slack?: number;
  /** How far NaN and infinities are where the formula has them; says why where it is used. Default 'everywhere'. */
  extremes?: 'everywhere' | 'where both are finite' | 'nowhere';
  errors?: { call: () => unknown; says: string }[];
}

/** Relative tolerance (and absolute, near 0) by dtype; a spec may only widen it with a reason. */
const tolerance: Record<string, number> = {
  float32: 2e-6,
  float64: 1e-13,
  bfloat16: 8e-3,
  int32: 0,
  uint8: 0,
  bool: 0,
};

/** Every engine that this machine has. */
export const engines: { name: string; use: () => void }[] = [
  { name: 'reference', use: () => setBackend('reference') },
  ...(() => {
    setBackend('native');
    return backend().isas.map((isa) => ({ name: isa, use: () => setBackend('native', { isa }) }));
  })(),
];

/** A repeatable pseudo-random sequence (mulberry32) that owes nothing to the code under test. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function valuesOf(operand: Operand, random: () => number): number[] {
  if (operand.values !== undefined) return operand.values;
  const size = operand.shape.reduce((a, b) => a * b, 1);
  const dtype = operand.dtype ?? 'float';
  const [low, high] =
    operand.range ?? (dtype === 'bool' ? [0, 1] : dtype === 'uint8' ? [0, 9] : dtype === 'int32' ? [-9, 9] : [-2, 2]);
  return Array.from({ length: size }, () => {
    const u = random();
    return dtype === 'float' ? Math.fround(low + u * (high - low)) : low + Math.floor(u * (high - low + 1));
  });
}

/** The same values laid out in memory in another way. */
export const layouts: { name: string; of: (x: Tensor) => Tensor }[] = [
  { name: 'contiguous', of: (x) => x },
  {
    name: 'transposed',
    of: (x) => {
      const order: number[] = x.shape.map((_: number, i: number) => x.rank - 1 - i);
      return x.permute(order).clone().permute(order);
    },
  },
  {
    name: 'sliced',
    // Every second element of a larger tensor.
    of: (x) => {
      if (x.rank === 0) return x;
      const wide = x
        .reshape([...x.shape, 1])
        .expand([...x.shape, 2])
        .clone()
        .reshape([...x.shape.slice(0, -1), 2 * x.shape[x.rank - 1]]);
      return wide.slice(...x.shape.slice(0, -1).map(() => null), [null, null, 2]);
    },
  },
];

export const build = (operand: Operand, values: number[], dtype: DType): Tensor =>
  tensor(new Float64Array(values), { shape: operand.shape }).to(dtype);

/** Fails unless the tensor has the expected values within the table's tolerance; NaN and infinities must match. */
export function expectClose(actual: Tensor, expected: Plain, options: { slack?: number; what?: string } = {}): void {
  const { slack = 1, what = '' } = options;
  expect(actual.shape, `${what} shape`).toEqual(expected.shape);
  const data = actual.to('float64').data();
  const scale = (tolerance[actual.dtype] ?? 0) * slack;
  for (let i = 0; i < data.length; i++) {
    const want = expected.data[i];
    const same =
      Object.is(data[i], want) || data[i] === want || Math.abs(data[i] - want) <= scale * Math.max(1, Math.abs(want));
    if (!same) expect.fail(`${what}: element ${i} is ${data[i]}, expected ${want} (±${scale})`);
  }
}

/** Fails unless the second derivatives of the weighted result are independent of their order. */
function expectSymmetric(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): void {
  const weighted = (xs: Tensor[]): Tensor => {
    const y = f(...xs);
    return y
      .mul(
        tensor(
          Float64Array.from({ length: y.size }, (_, i) => Math.cos(i + 1)),
          { shape: y.shape },
        ),
      )
      .sum();
  };
  const blocks = hessian(weighted)(inputs);
  blocks.forEach((row, i) => {
    row.forEach((block, j) => {
      const [m, n] = [inputs[i].size, inputs[j].size];
      const transposed = blocks[j][i].reshape([n, m]).transpose();
      expectClose(
        block.reshape([m, n]),
        { shape: [m, n], data: [...transposed.data()] },
        { what: `Hessian ${i}, ${j}` },
      );
    });
  });
}

/** `toEqual`, which takes seconds for large arrays, where the bytes differ. */
export function expectSame(actual: readonly TypedArray[], wanted: readonly TypedArray[], what?: string): void {
  const same = (a: TypedArray, b: TypedArray | undefined): boolean =>
    a.constructor === b?.constructor && bytesOf(a).equals(bytesOf(b));
  if (actual.length !== wanted.length || !actual.every((data, i) => same(data, wanted[i])))
    expect(actual, what).toEqual(wanted);
}

/** Stands at the door and fails where a kernel writes to more than the views that plans take for its results. */
const onlyResultsChange = (engine: Backend): Backend => ({
  ...engine,
  run(kernel, views, numbers, hooks) {
    const results = new Set(views.slice(0, resultCount({ kernel, views, numbers })).map(({ storage }) => storage));
    const operands = views.filter(({ storage }) => !results.has(storage));
    const before = operands.map(({ storage }) => storage.data.slice());
    const found = engine.run(kernel, views, numbers, hooks);
    const after = operands.map(({ storage }) => storage.data);
    expectSame(after, before, `operands of ${kernel}`);
    return found;
  },
});

/** Registers the tests that a spec stands for. */
export function spec(name: string, of: (...operands: never[]) => Tensor, definition: Spec): void {
  const op = of as (...operands: unknown[]) => Tensor;
  const { samples, reference, differentiable = true, slack = 1, extremes = 'everywhere', errors = [] } = definition;
  describe.each(engines)(`${name} on $name`, ({ name: engine, use }) => {
    it('equals its reference for every layout and dtype', () => {
      use();
      samples.forEach(({ operands, args = [] }, s) => {
        const random = randomSequence(s + 1);
        const values = operands.map((operand) => valuesOf(operand, random));
        const plain = operands.map(({ shape }, i) => ({ shape, data: values[i] }));
        const expected = reference(plain, ...args);
        const floats: DType[] = operands.some(({ dtype = 'float' }) => dtype === 'float')
          ? ['float32', 'float64']
          : ['float32'];
        for (const float of floats) {
          for (const layout of layouts) {
            const tensors = operands.map((operand, i) =>
              layout.of(
                build(
                  operand,
                  values[i],
                  operand.dtype === undefined || operand.dtype === 'float' ? float : operand.dtype,
                ),
              ),
            );
            expectClose(op(...tensors, ...args), expected, { slack, what: `sample ${s}, ${float}, ${layout.name}` });
          }
        }
      });
    });

    const float32Operands = ({ operands }: Sample, s: number): Tensor[] => {
      const random = randomSequence(s + 1);
      return operands.map((operand) => {
        const dtype = operand.dtype === undefined || operand.dtype === 'float' ? 'float32' : operand.dtype;
        return build(operand, valuesOf(operand, random), dtype);
      });
    };

    it('gives the same bits captured, its gradients too, and wherever operands lie', () => {
      use();
      const ran = new Set<string>();
      samples.forEach((sample, s) => {
        const { args = [], smooth = true } = sample;
        const step = (...tensors: Tensor[]): Tensor[] => {
          const y = op(...tensors, ...args);
          if (differentiable !== true || !smooth || y.node === null) return [y];
          y.backward(y.detach().mul(0.7));
          return [y, ...tensors.flatMap((x) => x.grad?.clone() ?? [])];
        };
        const fresh = (): Tensor[] =>
          float32Operands(sample, s).map((x) => (x.dtype === 'float32' && differentiable ? x.requireGrad() : x));
        seed(s);
        const releases = [onlyResultsChange, alsoElsewhere(ran)].map(intercept);
        const eager = step(...fresh()).map((x) => x.data());
        for (const release of releases) release();
        const captured = capture(step);
        captured(...fresh());
        seed(s);
        const replayed = captured(...fresh()).map((x) => x.data());
        expectSame(replayed, eager);
        expect(captured.plans.length).toBe(1);
      });
      if (engine === 'reference') return;
      const own = differentiable === true ? [name, `${name}Gradient`] : [name];
      expect(
        own.filter((kernel) => hasKernel(kernel) && !ran.has(kernel)),
        'own kernels that no sample runs',
      ).toEqual([]);
    });

    if (engine !== 'reference') {
      it('gives the same bits on one thread and on two', () => {
        use();
        samples.forEach((sample, s) => {
          const { args = [] } = sample;
          const tensors = float32Operands(sample, s);
          setNumThreads(1);
          const one = op(...tensors, ...args).data();
          setNumThreads(2);
          expectSame([op(...tensors, ...args).data()], [one]);
        });
      });
    }

    if (engine !== 'reference' && extremes !== 'nowhere')
      it('says of NaN, infinities and denormals what the formula says', () => {
        samples.forEach((sample, s) => {
          const random = randomSequence(s + 1);
          const some = [NaN, Infinity, -Infinity, 1e-40, -1e-40, 0, -0];
          const tensors = float32Operands(sample, s).map((x) => {
            if (x.dtype !== 'float32') return x;
            const values = Float32Array.from(x.data(), (value: number) =>
              random() < 1 / 4 ? some[Math.floor(random() * some.length)] : value,
            );
            return tensor(values, { shape: x.shape });
          });
          const result = (): Plain | string => {
            seed(s);
            try {
              const y = op(...tensors, ...(sample.args ?? []));
              return { shape: y.shape, data: [...y.to('float64').data()] };
            } catch (error) {
              return String(error);
            }
          };
          setBackend('reference');
          const wanted = result();
          use();
          const found = result();
          if (typeof wanted === 'string' || typeof found === 'string') expect(found, `sample ${s}`).toEqual(wanted);
          else {
            expect(found.shape).toEqual(wanted.shape);
            found.data.forEach((value, i) => {
              const bothFinite = Number.isFinite(value) && Number.isFinite(wanted.data[i]);
              if (extremes === 'where both are finite' && !bothFinite) return;
              const room = tolerance['float32'] * slack * Math.max(1, Math.abs(wanted.data[i]));
              if (value === wanted.data[i] || Object.is(value, wanted.data[i])) return;
              if (!(Math.abs(value - wanted.data[i]) <= room))
                expect.fail(`sample ${s}: element ${i} is ${value}, the formula says ${wanted.data[i]}`);
            });
          }
        });
      });

    if (differentiable === 'elsewhere') return;
    it(differentiable ? 'has the derivatives of finite differences' : 'passes no gradient', () => {
      use();
      const cases = samples.map(({ operands, args = [], smooth = true }, s) => {
        const random = randomSequence(s + 1);
        const isFloat = operands.map(({ dtype = 'float' }) => dtype === 'float');
        const tensors = operands.map((operand, i) =>
          build(operand, valuesOf(operand, random), isFloat[i] ? 'float64' : (operand.dtype as DType)),
        );
        const inputs = tensors.filter((_, i) => isFloat[i]);
        const f = (...floats: Tensor[]): Tensor => {
          let next = 0;
          return op(...tensors.map((x, i) => (isFloat[i] ? floats[next++] : x)), ...args);
        };
        return { f, inputs, smooth, size: inputs.reduce((elements, x) => elements + x.size, 0) };
      });
      if (!differentiable) {
        for (const { f, inputs } of cases) {
          expect(f(...inputs.map((x) => x.requireGrad())).node, 'a result without history').toBeNull();
        }
        return;
      }
      const smooth = cases.filter((sample) => sample.smooth && sample.inputs.length > 0);
      // A few elements: a third derivative costs as many second ones. With one or two, many ops are constant or linear.
      const sizes = smooth.toSorted((a, b) => a.size - b.size);
      const small = sizes.find(({ size }) => size >= 4) ?? sizes[sizes.length - 1];
      expect(small?.size, 'elements whose derivative is checked').toBeGreaterThan(0);
      for (const sample of smooth) {
        const { f, inputs } = sample;
        gradcheck(f, inputs, { order: sample === small ? 3 : 2, forward: true, atol: 1e-5 * slack });
      }
      expectSymmetric(small.f, small.inputs);
    });
  });

  statesErrors(name, errors);
}

/** Holds errors to their full texts. */
export function statesErrors(name: string, errors: readonly { call: () => unknown; says: string }[]): void {
  if (errors.length === 0) return;
  it.each(errors.map((e, i) => ({ ...e, i })))(`${name} states error $i`, ({ call, says }) => {
    expect(call).toThrow(says);
    let message = '';
    try {
      call();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toBe(says);
  });
}

/** A reference for a function of one number. */
export const elementwise =
  (f: (x: number) => number) =>
  ([x]: Plain[]): Plain => ({ shape: x.shape, data: x.data.map(f) });

/** Shapes that every elementwise op must take: scalars, empty, odd sizes beyond a vector, several axes. */
export const unarySamples = (range?: [number, number]): Sample[] =>
  [[], [0], [1], [7], [3, 5], [2, 0, 3], [2, 3, 4], [67]].map((shape) => ({
    operands: [{ shape, ...(range && { range }) }],
  }));

/** A reference for a function of two numbers, with broadcasting. */
export const broadcasting =
  (f: (a: number, b: number) => number) =>
  ([a, b]: Plain[]): Plain => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const dim = (p: Plain, i: number): number => p.shape[i - (rank - p.shape.length)] ?? 1;
    const shape = Array.from({ length: rank }, (_, i) => (dim(a, i) === 1 ? dim(b, i) : dim(a, i)));
    const size = shape.reduce((x, y) => x * y, 1);
    const at = (p: Plain, flat: number): number => {
      let offset = 0;
      let stride = 1;
      for (let i = rank - 1, rest = flat; i >= 0; i--) {
        const index = rest % shape[i];
        rest = Math.floor(rest / shape[i]);
        if (dim(p, i) !== 1) offset += index * stride;
        stride *= dim(p, i);
      }
      return p.data[offset];
    };
    return { shape, data: Array.from({ length: size }, (_, i) => f(at(a, i), at(b, i))) };
  };

/** Pairs of shapes that every binary op must take. */
export const binarySamples = (a?: [number, number], b?: [number, number]): Sample[] =>
  (
    [
      [[], []],
      [
        [3, 5],
        [3, 5],
      ],
      [[3, 5], [5]],
      [[3, 1], [4]],
      [
        [2, 1, 3],
        [4, 1],
      ],
      [[0, 3], [3]],
      [[5], []],
      [[37], [37]],
    ] as [number[], number[]][]
  ).map(([p, q]) => ({
    operands: [
      { shape: p, ...(a && { range: a }) },
      { shape: q, ...(b && { range: b }) },
    ],
  }));
