import { afterAll, describe, expect, it, vi } from 'vitest';
import type { View } from '../../lib/backend/backend.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { arrayOf, bytesPerElement, type RealDType, realDTypes } from '../../lib/core/dtype.js';
import { contiguousStrides } from '../../lib/core/shape.js';
import { Storage } from '../../lib/core/storage.js';
import { randomSequence } from '../harness.js';
import { kernelCalls } from './calls/index.js';
import type { Operand } from './calls/operand.js';
import { atTheEnd, close, elements, runIn, runOn } from './memory.js';

/*
 * Places, distances and counts beyond 2³¹. Memory that nobody has touched takes no pages: of six gigabytes at most five are
 * there.
 */

const addon = loadAddon();
const { run } = nativeBackend(addon);
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

// Passes over gigabytes, where other programs want the processor too.
vi.setConfig({ testTimeout: 300_000 });

const MiB = 2 ** 20;
const memory = new ArrayBuffer(4095 * MiB);
const storages = Object.fromEntries(realDTypes.map((dtype) => [dtype, new Storage(new arrayOf[dtype](memory))]));

/** A view in row-major order at a place of the memory, in bytes. */
const viewAt = (place: number, dtype: RealDType, shape: readonly number[]): View => ({
  ...{ storage: storages[dtype], dtype, offset: place / bytesPerElement[dtype] },
  ...{ shape, strides: contiguousStrides(shape) },
});

/** The view with its first axis of several elements so far stretched that the last of them lies 2.1 GiB behind the first. */
function stretched(view: View): View {
  const axis = view.shape.findIndex((size) => size > 1);
  if (axis < 0) return view;
  // Whole MiB, within each of which every view has a place of its own.
  const stride = Math.ceil(2150 / (view.shape[axis] - 1)) * MiB;
  const strides = view.strides.map((own, i) => (i === axis ? stride / bytesPerElement[view.dtype] : own));
  return { ...view, strides };
}

describe.each(addon.isas)('on %s', (isa) => {
  it('takes operands that begin, or reach, over 2³¹ bytes behind the beginning of memory', () => {
    addon.setIsa(isa);
    const random = randomSequence(8);
    const failures = kernelCalls(addon.elementwise).flatMap((call) => {
      const contents = call.views.map((view) => elements(view, random));
      const { results } = runOn(run, call, contents, ({ dtype, shape }) => atTheEnd(dtype, shape));
      const far = ({ dtype, shape, dense }: Operand, i: number): View => {
        const place = (i * MiB) / 16;
        return dense ? viewAt(2200 * MiB + place, dtype, shape) : stretched(viewAt(place, dtype, shape));
      };
      const got = runIn(call.views.map(far), run, call, contents).results;
      const wrong = got.findIndex((result, i) => !close(result, results[i], call.views[i].dtype));
      const shapes = call.views.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ');
      return wrong < 0 ? [] : [`${call.kernel} of ${shapes}: result ${wrong}`];
    });
    expect(failures).toEqual([]);
  });
});

describe('over 2³¹ elements', () => {
  const n = 2 ** 31 + 128;
  const x = viewAt(0, 'uint8', [n]);
  const bytes = x.storage.data;
  const one = (dtype: RealDType, value = 0): View => {
    const view = atTheEnd(dtype, [1]);
    view.storage.data[view.offset] = value;
    return view;
  };
  const valueOf = ({ storage, offset }: View): number => storage.data[offset];
  /** The element that everything must reach. */
  const last = n - 1;

  it('fill, max, min and the search for an element', () => {
    bytes[n] = 5;
    run('fill', [x], [7]);
    expect([0, 2 ** 31 - 1, 2 ** 31, last, n].map((at) => bytes[at])).toEqual([7, 7, 7, 7, 5]);
    bytes[last] = 9;
    const y = one('uint8');
    run('max', [y, x], []);
    expect(valueOf(y)).toBe(9);
    expect(run('findOutside', [x], [0, 8, Number.NaN])).toBe(last);
    bytes[last] = 3;
    run('min', [y, x], []);
    expect(valueOf(y)).toBe(3);
  });

  it('picks by index', () => {
    const half = { ...x, shape: [n / 2, 2], strides: [2, 1] };
    const y = atTheEnd('uint8', [1, 2]);
    const index = one('int32', n / 2 - 1);
    run('indexSelect', [y, half, index], [0]);
    expect([...y.storage.data.subarray(y.offset)]).toEqual([7, 3]);
    run('gather', [y, half, { ...index, shape: [1, 2], strides: [0, 0] }], [0]);
    expect([...y.storage.data.subarray(y.offset)]).toEqual([7, 3]);
  });

  it('copies, compares and chooses, into memory of their own', () => {
    const storage = new Storage(new Uint8Array(n));
    const { data } = storage;
    const y: View = { ...x, storage };
    run('copy', [{ ...y, offset: last, strides: [-1] }, x], []);
    expect([data[0], data[1], data[last]]).toEqual([3, 7, 7]);
    run('eq', [{ ...y, dtype: 'bool' }, x, one('uint8', 3)], []);
    expect([data[0], data[last - 1], data[last]]).toEqual([0, 0, 1]);
    run('where', [y, { ...x, dtype: 'bool' }, x, one('uint8', 5)], []);
    expect([data[0], data[last - 1], data[last]]).toEqual([7, 7, 3]);
    const code = addon.elementwise.findIndex(({ name }) => name === 'minimum');
    run('chain', [y, x, one('uint8', 4)], [1, 2, 1, code, 2, 0, 1, -1, 2]);
    expect([data[0], data[last - 1], data[last]]).toEqual([4, 4, 3]);
    run('bernoulli', [{ ...y, dtype: 'bool' }], [1, 2, 0.5]);
    const end = atTheEnd('bool', [64]);
    run('bernoulli', [end], [1, 2 + (n - 64) / 4, 0.5]);
    expect([...data.subarray(n - 64)]).toEqual([...end.storage.data.subarray(end.offset)]);
  });

  it('adds up', () => {
    const [y, ones] = [one('float64'), one('float64', 1)];
    run('sum', [y, { ...ones, shape: [n], strides: [0] }], []);
    expect(valueOf(y)).toBe(n);
  });
});

describe('images over 2³¹ bytes', () => {
  const images = 3000 * (MiB / 4096);
  const x = viewAt(0, 'float32', [images, 1, 32, 32]);
  const random = randomSequence(9);
  /** The last image alone, or its part of another tensor. */
  const lastOf = (view: View): View => {
    return { ...view, shape: [1, ...view.shape.slice(1)], offset: view.offset + (images - 1) * view.strides[0] };
  };
  const values = ({ storage, offset, shape }: View): number[] => {
    return [...storage.data.subarray(offset, offset + shape.reduce((a, b) => a * b, 1))];
  };
  const made = (view: View): View => {
    for (let i = 0; i < view.shape.reduce((a, b) => a * b, 1); i++) view.storage.data[view.offset + i] = random() - 0.5;
    return view;
  };
  const small = (shape: number[], dtype: RealDType = 'float32'): View => atTheEnd(dtype, shape);
  const weight = made(small([1, 1, 8, 8]));
  const numbers = [8, 8, 0, 0, 1, 1, 1];
  const outputs = (): View => small([images, 1, 4, 4]);

  it('conv2d and its gradients, and pooling', () => {
    // Cleared of what other tests left there.
    new Uint8Array(memory).fill(0, 0, 3000 * MiB);
    made(lastOf(x));
    const [y, expected] = [outputs(), small([1, 1, 4, 4])];
    run('conv2d', [y, x, weight], numbers);
    run('conv2d', [expected, lastOf(x), weight], numbers);
    expect(values(lastOf(y))).toEqual(values(expected));
    expect(values(expected)).not.toContain(0);

    const indices = small([images, 1, 4, 4], 'int32');
    const indicesOfLast = small([1, 1, 4, 4], 'int32');
    const window = [8, 8, 8, 8, 0, 0, 1, 1];
    run('maxPool2d', [y, indices, x], window);
    run('maxPool2d', [expected, indicesOfLast, lastOf(x)], window);
    expect(values(lastOf(y))).toEqual(values(expected));
    expect(values(lastOf(indices))).toEqual(values(indicesOfLast));
    run('avgPool2d', [y, x], [...window.slice(0, 6), 1, 0, 0]);
    run('avgPool2d', [expected, lastOf(x)], [...window.slice(0, 6), 1, 0, 0]);
    expect(values(lastOf(y))).toEqual(values(expected));

    const dy = outputs();
    run('fill', [dy], [0]);
    made(lastOf(dy));
    const [dw, dwOfLast] = [small([1, 1, 8, 8]), small([1, 1, 8, 8])];
    run('conv2dWeight', [dw, x, dy], numbers);
    run('conv2dWeight', [dwOfLast, lastOf(x), lastOf(dy)], numbers);
    const floats = (view: View) => Float64Array.from(values(view));
    expect(close(floats(dw), floats(dwOfLast), 'float32')).toBe(true);

    const dx = small([1, 1, 32, 32]);
    run('conv2dInput', [x, dy, weight], numbers);
    run('conv2dInput', [dx, lastOf(dy), weight], numbers);
    expect(values(lastOf(x))).toEqual(values(dx));
    run('maxPool2dInput', [x, dy, indices], []);
    run('maxPool2dInput', [dx, lastOf(dy), indicesOfLast], []);
    expect(values(lastOf(x))).toEqual(values(dx));
  });
});
