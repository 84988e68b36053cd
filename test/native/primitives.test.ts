import { backend, type RealDType, setBackend, setNumThreads, type Tensor, tensor } from 'adjoint';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../lib/backend/index.js';
import { empty } from '../../lib/tensor/create.js';
import { expectSame, randomSequence } from '../harness.js';

/*
 * Kernels that ops share or that no op of their own name calls yet, at the door: every instruction set against the
 * reference kernel, on one thread and on two.
 */

const random = randomSequence(11);
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const values = (shape: number[], dtype: RealDType = 'float32'): Tensor => {
  const data = Float64Array.from({ length: sizeOf(shape) }, () =>
    dtype === 'int32' ? Math.floor(random() * 99) - 49 : random() * 4 - 2,
  );
  return tensor(data, { shape }).to(dtype);
};
const indices = (shape: number[], below: number): Tensor =>
  tensor(
    Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(random() * below)),
    { shape },
  );
/** The same shape over memory in the opposite order of axes. */
const reversed = (shape: number[], dtype?: RealDType): Tensor =>
  values([...shape].reverse(), dtype).permute(shape.map((_, i) => shape.length - 1 - i));

/** The result of `make` on every engine, held against the reference's. */
function agree(make: () => Tensor, what: string, tolerance = 0): void {
  setBackend('reference');
  const expected = make();
  for (const isa of backendIsas) {
    setBackend('native', { isa });
    setNumThreads(1);
    const one = make();
    setNumThreads(2);
    expectSame([make().data()], [one.data()], `${what}, ${isa}, two threads`);
    const [got, want] = [one.to('float64').data(), expected.to('float64').data()];
    for (let i = 0; i < want.length; i++) {
      const close =
        Object.is(got[i], want[i]) || Math.abs(got[i] - want[i]) <= tolerance * Math.max(1, Math.abs(want[i]));
      if (!close) expect.fail(`${what}, ${isa}: element ${i} is ${got[i]}, expected ${want[i]}`);
    }
  }
}

setBackend('native');
const backendIsas = backend().isas;
const threads = backend().threads;
afterAll(() => setNumThreads(threads));

const shapes = [[3, 4, 5], [70, 90], [2, 3, 600], [1], [0, 3], [20000, 7]];
const axesOf = (shape: number[]): number[] => shape.map((_, axis) => axis);

describe('native kernels agree with the reference', () => {
  it('argmax and argmin, with ties and NaN', () => {
    for (const shape of shapes.filter((s) => sizeOf(s) > 0)) {
      for (const axis of axesOf(shape)) {
        const kept = shape.map((d, i) => (i === axis ? 1 : d));
        const special = values(shape).mul(2).round();
        special.storage.data[Math.floor(sizeOf(shape) / 2)] = NaN;
        for (const x of [special, reversed(shape), values(shape, 'int32'), values(shape).gt(0)]) {
          for (const kernel of ['argmax', 'argmin', 'max', 'min']) {
            agree(() => {
              const y = empty(kept, kernel.startsWith('arg') ? 'int32' : x.dtype);
              run(kernel, [y, x]);
              return y;
            }, `${kernel} of [${shape}] along ${axis}`);
          }
        }
      }
    }
  });

  it('cumsum along every axis, both ways', () => {
    for (const shape of shapes) {
      for (const axis of axesOf(shape)) {
        for (const x of [values(shape), reversed(shape), values(shape, 'float64'), values(shape, 'int32')]) {
          for (const reverse of [0, 1]) {
            agree(
              () => {
                const y = empty(shape, x.dtype);
                run('cumsum', [y, x], [axis, reverse]);
                return y;
              },
              `cumsum of [${shape}] along ${axis}`,
              1e-6,
            );
          }
        }
      }
    }
  });

  it('gather and indexSelect of every dtype', () => {
    for (const shape of shapes.filter((s) => sizeOf(s) > 0)) {
      for (const axis of axesOf(shape)) {
        const index = indices(shape, shape[axis]);
        const list = indices([9], shape[axis]);
        const selected = shape.map((d, i) => (i === axis ? 9 : d));
        for (const dtype of ['float32', 'float64', 'bfloat16', 'int32', 'bool'] as RealDType[]) {
          const x = reversed(shape, dtype);
          agree(() => {
            const y = empty(shape, dtype);
            run('gather', [y, x, index], [axis]);
            return y;
          }, `gather of [${shape}] along ${axis}`);
          agree(() => {
            const y = empty(selected, dtype);
            run('indexSelect', [y, x, list], [axis]);
            return y;
          }, `indexSelect of [${shape}] along ${axis}`);
        }
      }
    }
  });

  it('scatterAdd and indexAdd, bit for bit', () => {
    for (const shape of shapes.filter((s) => sizeOf(s) > 0)) {
      for (const axis of axesOf(shape)) {
        const index = indices(shape, shape[axis]);
        const list = indices([9], shape[axis]);
        for (const dtype of ['float32', 'float64', 'int32'] as RealDType[]) {
          const [base, source] = [values(shape, dtype), reversed(shape, dtype)];
          const rows = values(
            shape.map((d, i) => (i === axis ? 9 : d)),
            dtype,
          );
          agree(() => {
            const y = base.clone();
            run('scatterAdd', [y, index, source], [axis]);
            return y;
          }, `scatterAdd on [${shape}] along ${axis}`);
          agree(() => {
            const y = base.clone();
            run('indexAdd', [y, list, rows], [axis]);
            return y;
          }, `indexAdd on [${shape}] along ${axis}`);
        }
      }
    }
  });

  it('random numbers, across the 32-bit boundary of the counter', () => {
    const cases: [string, RealDType, number[], number][] = [
      ['uniform', 'float32', [-1, 3], 0],
      ['uniform', 'float64', [-1, 3], 0],
      ['normal', 'float32', [1, 2], 1e-7],
      ['normal', 'float64', [1, 2], 1e-14],
      ['bernoulli', 'bool', [0.3], 0],
      ['randint', 'int32', [-1000, 2e9], 0],
    ];
    for (const [kernel, dtype, numbers, tolerance] of cases) {
      for (const size of [0, 1, 5, 1001, 30_000]) {
        agree(
          () => {
            const y = empty([size], dtype);
            run(kernel, [y], [12_345_678_901, 2 ** 32 - 3, ...numbers]);
            return y;
          },
          `${kernel} ${dtype} ${size}`,
          tolerance,
        );
      }
    }
  });

  it('the gradients of tanh, sigmoid and relu are those of their formulas', () => {
    const formulas: [string, (dy: number, y: number) => number][] = [
      ['tanhGradient', (dy, y) => dy * (1 - y * y)],
      ['sigmoidGradient', (dy, y) => dy * (y * (1 - y))],
      ['reluGradient', (dy, y) => (y > 0 ? dy : 0)],
    ];
    for (const isa of backendIsas) {
      setBackend('native', { isa });
      for (const [kernel, formula] of formulas) {
        const [dy, y] = [reversed([5, 33], 'float64'), values([5, 33], 'float64')];
        const dx = empty([5, 33], 'float64');
        run(kernel, [dx, dy, y]);
        const [d, v] = [dy.data(), y.data()];
        expect(Array.from(dx.data())).toEqual(Array.from(d, (value, i) => formula(Number(value), Number(v[i]))));
      }
    }
  });
});
