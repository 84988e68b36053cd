import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { resultCount } from '../../lib/backend/index.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { contiguousStrides } from '../../lib/core/shape.js';
import { randomSequence } from '../harness.js';
import { kernelCalls } from './calls/index.js';
import type { Operand } from './calls/operand.js';
import { type Layout, positions, zeros } from './layouts.js';
import { atTheEnd, behind, close, elements, guard, runOn } from './memory.js';

/* What every kernel owes its operands' places in memory. */

const addon = loadAddon();
const { run } = nativeBackend(addon);
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

const random = randomSequence(5);
const cases = kernelCalls(addon.elementwise).map((call) => {
  const contents = call.views.map((view) => elements(view, random));
  const name = `${call.kernel} of ${call.views.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(', ')}; ${call.numbers}`;
  return { call, contents, name };
});

const aligned = ({ dtype, shape }: Operand) => behind(dtype, shape, 0, addon.addressOf);

const same = (a: Float64Array, b: Float64Array): boolean => a.every((value, i) => Object.is(value, b[i]));

it('every kernel is among the calls, or that of an op whose spec runs it in other places too', () => {
  const called = new Set(cases.map(({ call }) => call.kernel));
  const root = new URL('../ops/', import.meta.url);
  const specs = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, root), 'utf8').matchAll(/^spec\(\s*'(\w+)'/gm)])
    .map(([, op]) => op);
  expect(specs.length).toBeGreaterThan(100);
  expect([...called].filter((kernel) => !addon.kernels.includes(kernel))).toEqual([]);
  const others = addon.kernels.filter((kernel) => !called.has(kernel));
  expect(others.filter((kernel) => !specs.includes(kernel.replace(/Gradient$/, '')))).toEqual([]);
});

describe.each(addon.isas)('on %s', (isa) => {
  it('gives the same bits wherever operands begin, and writes nothing beside its results', () => {
    addon.setIsa(isa);
    const failures = cases.flatMap(({ call, contents, name }) => {
      addon.setThreads(1);
      const expected = runOn(run, call, contents, aligned);
      addon.setThreads(2);
      // Every operand of a call begins elsewhere, and each goes through all places.
      const places = Array.from({ length: 16 }, (_, place) => ({ dtype, shape }: Operand, i: number) => {
        return behind(dtype, shape, (place * (2 * i + 1)) % 16, addon.addressOf);
      });
      return [...places, ({ dtype, shape }: Operand) => atTheEnd(dtype, shape)].flatMap((lay, place) => {
        const { results, found, spoilt } = runOn(run, call, contents, lay);
        if (spoilt >= 0) return [`${name}, place ${place}: memory of view ${spoilt} changed`];
        const equal = found === expected.found && results.every((result, i) => same(result, expected.results[i]));
        return equal ? [] : [`${name}, place ${place}: other bits`];
      });
    });
    expect(failures).toEqual([]);
  });

  it('takes views of any strides, and writes nothing between their elements', () => {
    addon.setIsa(isa);
    const layouts: readonly Layout[] = ['rows', 'columns', 'gaps', 'backwards'];
    const failures = cases.flatMap(({ call, contents, name }) => {
      if (call.views.every(({ dense }) => dense)) return [];
      const expected = runOn(run, call, contents, aligned);
      // All views one way, and every view another way.
      const ways = layouts.flatMap((_, way) => [() => way, (i: number) => (way + i) % layouts.length]);
      return ways.flatMap((way) => {
        const lay = ({ dtype, shape, dense }: Operand, i: number) =>
          guard(zeros(dtype, shape, dense ? 'rows' : layouts[way(i)]));
        const { results, found, spoilt } = runOn(run, call, contents, lay);
        const what = `${name}, laid out by ${call.views.map((_, i) => layouts[way(i)]).join(', ')}`;
        if (spoilt >= 0) return [`${what}: memory of view ${spoilt} changed`];
        const equal =
          found === expected.found &&
          results.every((result, i) => close(result, expected.results[i], call.views[i].dtype));
        return equal ? [] : [`${what}: other values`];
      });
    });
    expect(failures).toEqual([]);
  });

  it('reads operands that repeat their elements along an axis', () => {
    addon.setIsa(isa);
    const failures = cases.flatMap(({ call, contents, name }) =>
      call.views.flatMap((operand, repeated) => {
        const axis = operand.shape.findIndex((size) => size > 1);
        if (operand.dense || repeated < resultCount(call) || axis < 0) return [];
        const strides = contiguousStrides(operand.shape).map((stride, i) => (i === axis ? 0 : stride));
        const still = { ...aligned(operand), strides };
        const once = Float64Array.from(positions(still), (at) => contents[repeated][at]);
        const filled = contents.map((values, i) => (i === repeated ? once : values));
        const expected = runOn(run, call, filled, aligned);
        const { results, found, spoilt } = runOn(run, call, filled, (other, i) =>
          i === repeated ? still : aligned(other),
        );
        if (spoilt >= 0) return [`${name}, view ${repeated} repeated: memory of view ${spoilt} changed`];
        const equal =
          found === expected.found &&
          results.every((result, i) => close(result, expected.results[i], call.views[i].dtype));
        return equal ? [] : [`${name}, view ${repeated} repeated: other values`];
      }),
    );
    expect(failures).toEqual([]);
  });
});
