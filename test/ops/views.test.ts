import { setBackend, type Tensor, tensor } from 'adjoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engines, type Plain } from '../harness.js';

/* Random chains of views against the same steps on a plain copy: no stride arithmetic can hide an error from both. */

type Step =
  | { kind: 'permute'; seed: number[] }
  | { kind: 'slice'; ranges: { start: number; stop: number; step: number; drop: boolean }[] }
  | { kind: 'expand'; axis: number; count: number }
  | { kind: 'reshape'; cuts: number[] };

const small = fc.integer({ min: -4, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('permute' as const), seed: fc.array(fc.nat(99), { minLength: 6, maxLength: 6 }) }),
  fc.record({
    kind: fc.constant('slice' as const),
    ranges: fc.array(
      fc.record({ start: small, stop: small, step: fc.constantFrom(-3, -2, -1, 1, 1, 2), drop: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  fc.record({ kind: fc.constant('expand' as const), axis: fc.nat(5), count: fc.nat(3) }),
  fc.record({ kind: fc.constant('reshape' as const), cuts: fc.array(fc.nat(99), { minLength: 1, maxLength: 4 }) }),
);

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The elements of x at every index of `shape`, where `from` gives the index in x. */
function pick(x: Plain, shape: number[], from: (index: number[]) => number[]): Plain {
  const data = Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index = new Array<number>(shape.length);
    for (let i = shape.length - 1, rest = flat; i >= 0; rest = Math.floor(rest / shape[i]), i--)
      index[i] = rest % shape[i];
    return x.data[from(index).reduce((at, position, i) => at * x.shape[i] + position, 0)];
  });
  return { shape, data };
}

/** A step on the view and on the copy alike. */
function apply(view: Tensor, copy: Plain, chosen: Step): [Tensor, Plain] {
  const rank = copy.shape.length;
  switch (chosen.kind) {
    case 'permute': {
      const order = copy.shape.map((_, i) => i).sort((a, b) => chosen.seed[a % 6] - chosen.seed[b % 6] || a - b);
      const shape = order.map((axis) => copy.shape[axis]);
      return [view.permute(order), pick(copy, shape, (index) => order.map((_, axis) => index[order.indexOf(axis)]))];
    }
    case 'slice': {
      const taken = chosen.ranges.slice(0, rank).map((range, axis) => {
        const size = copy.shape[axis];
        if (range.drop && size > 0) return [((range.start % size) + size) % size];
        const low = range.step > 0 ? 0 : -1;
        const clamp = (end: number): number => Math.min(Math.max(end < 0 ? end + size : end, low), size + low);
        const indices: number[] = [];
        const stop = clamp(range.stop);
        for (let i = clamp(range.start); range.step > 0 ? i < stop : i > stop; i += range.step) indices.push(i);
        return indices;
      });
      const dropped = (axis: number): boolean =>
        axis < taken.length && chosen.ranges[axis].drop && copy.shape[axis] > 0;
      const axes = copy.shape.map((_, axis) => axis).filter((axis) => !dropped(axis));
      const shape = axes.map((axis) => taken[axis]?.length ?? copy.shape[axis]);
      const ranges = taken.map((indices, axis) =>
        dropped(axis) ? indices[0] : [chosen.ranges[axis].start, chosen.ranges[axis].stop, chosen.ranges[axis].step],
      );
      const from = (index: number[]): number[] =>
        copy.shape.map((_, axis) => {
          const position = dropped(axis) ? 0 : index[axes.indexOf(axis)];
          return taken[axis] === undefined ? position : taken[axis][position];
        });
      return [view.slice(...(ranges as (number | [number, number, number])[])), pick(copy, shape, from)];
    }
    case 'expand': {
      const axis = chosen.axis % (rank + 1);
      // A new axis in front, or one of size 1 repeated.
      const stretch = axis < rank && copy.shape[axis] === 1;
      if (!stretch && rank > 5) return [view, copy];
      const shape = stretch ? copy.shape.map((d, i) => (i === axis ? chosen.count : d)) : [chosen.count, ...copy.shape];
      const from = (index: number[]): number[] =>
        stretch ? index.map((position, i) => (i === axis ? 0 : position)) : index.slice(1);
      return [view.expand(shape), pick(copy, shape, from)];
    }
    case 'reshape': {
      const shape: number[] = [];
      let rest = sizeOf(copy.shape);
      for (const cut of chosen.cuts) {
        const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
        if (divisors.length === 0) break;
        const divisor = divisors[cut % divisors.length];
        shape.push(divisor);
        rest /= divisor;
      }
      shape.push(rest);
      return [view.reshape(shape), { shape, data: copy.data }];
    }
  }
}

const chains = fc.tuple(
  fc.array(fc.constantFrom(0, 1, 1, 2, 3, 4, 5), { maxLength: 4 }),
  fc.array(step, { minLength: 1, maxLength: 5 }),
);

describe.each(engines)('views on $name', ({ use }) => {
  it('equal the same steps on copies, through any chain', () => {
    use();
    fc.assert(
      fc.property(chains, ([shape, steps]) => {
        const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);
        let view: Tensor = tensor(values, { shape });
        let copy: Plain = { shape, data: Array.from(values) };
        for (const next of steps) {
          [view, copy] = apply(view, copy, next);
          expect(view.shape).toEqual(copy.shape);
          expect(Array.from(view.data())).toEqual(copy.data);
        }
        // What kernels make of the strides: a reduction over each axis and an op between the view and its copy.
        const flat = tensor(new Float64Array(copy.data), { shape: copy.shape });
        expect(view.add(flat).data()).toEqual(flat.mul(2).data());
        for (let axis = 0; axis < copy.shape.length; axis++) {
          expect(view.sum(axis).data()).toEqual(flat.sum(axis).data());
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('pass gradients back to the elements that they show', () => {
    use();
    fc.assert(
      fc.property(chains, ([shape, steps]) => {
        const size = sizeOf(shape);
        const x = tensor(new Float64Array(size).fill(1), { shape, requiresGrad: true });
        let view: Tensor = x;
        let places: Plain = { shape, data: Array.from({ length: size }, (_, i) => i) };
        for (const next of steps) [view, places] = apply(view, places, next);
        view.sum().backward();
        const expected = new Float64Array(size);
        for (const place of places.data) expected[place]++;
        expect(x.grad?.data()).toEqual(expected);
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});

it('views share memory across engines', () => {
  setBackend('reference');
  const x = tensor([
    [1, 2],
    [3, 4],
  ]).transpose();
  setBackend('native');
  expect(x.contiguous().toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
});
