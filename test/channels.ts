import { nn, ones, type Tensor, tensor } from 'adjoint';
import type { Plain, Sample, Spec } from './harness.js';
import type { Made, ModuleSpec } from './module_spec.js';

/* What the specs of functions with learned parameters for each channel share. */

/** A reference of one element and its channel's parameters: a number of [C], all of a row of [C, each]. */
export const byChannel =
  (f: (x: number, ...parameters: any[]) => number) =>
  ([x, ...parameters]: Plain[]): Plain => {
    const inner = x.shape.slice(2).reduce((a, b) => a * b, 1);
    const data = x.data.map((v, i) => {
      const channel = x.shape.length < 2 ? 0 : Math.floor(i / inner) % x.shape[1];
      const own = parameters.map(({ shape: [count, each], data }) => {
        const row = count === 1 ? 0 : channel;
        return each === undefined ? data[row] : data.slice(row * each, (row + 1) * each);
      });
      return f(v, ...own);
    });
    return { shape: x.shape, data };
  };

/** Vectors, batches and images with `count` parameters, shared and one for each channel; with `each` numbers of a channel. */
export const channelSamples = (count: number, each?: number, range?: [number, number]): Sample[] =>
  [[], [5], [2, 3], [2, 3, 2, 2], [0, 3]].flatMap((shape) => {
    const channels = shape.length < 2 ? [1] : [1, shape[1]];
    return channels.map((c) => ({
      operands: [
        { shape },
        ...Array.from({ length: count }, () => ({
          shape: each === undefined ? [c] : [c, each],
          ...(range && { range }),
        })),
      ],
    }));
  });

/** The spec of `melu` or `galu`: the places and widths of maxInput 1, and the bump. */
export function hatSpec(
  name: string,
  op: (x: Tensor, weight: Tensor, options?: { maxInput: number }) => Tensor,
  { a, lambda, phi }: { a: number[]; lambda: number[]; phi: (x: number, a: number, lambda: number) => number },
): Spec {
  return {
    reference: ([x, weight], { maxInput = 1 } = {}) =>
      byChannel((x, [slope, ...heights]: number[]) =>
        heights.reduce(
          (sum, height, j) => sum + height * phi(x, maxInput * a[j], maxInput * lambda[j]),
          x < 0 ? slope * x : x,
        ),
      )([x, weight]),
    samples: [
      ...channelSamples(1, 8).map(({ operands: [x, weight] }) => ({
        operands: [{ ...x, range: [-1, 5] as [number, number] }, weight],
      })),
      ...channelSamples(1, 4).map((sample) => ({ ...sample, args: [{ maxInput: 0.4 }] })),
    ],
    // A sum of eight bumps.
    slack: 8,
    errors: [
      { call: () => op(ones([2]), ones([3])), says: `${name}: weight must have the axes [channels, k]; got [3]` },
      {
        call: () => op(ones([2, 3]), ones([2, 4])),
        says: `${name}: weight must be [1, 4] or [3, 4], by the channels of x [2, 3]; got [2, 4]`,
      },
      {
        call: () => op(ones([2]), ones([1, 4]), { maxInput: 0 }),
        says: `${name}: maxInput must be a number > 0; got 0`,
      },
      {
        call: () => op(ones([2]), ones([1, 0])),
        says: `${name}: the number of weights of a channel must be a whole number ≥ 1; got 0`,
      },
    ],
  };
}

/** What the specs of their layers share. */
export function hats<L extends nn.MeLU | nn.GaLU>(
  Unit: new (...args: ConstructorParameters<typeof nn.MeLU>) => L,
): Pick<ModuleSpec<L>, 'make' | 'inputs' | 'errors'> {
  return {
    make: (options: Made) => {
      const layer = new Unit(3, { dtype: options.dtype, maxInput: 0.8 });
      nn.init.uniform(layer.weight, { low: -1, generator: options.generator });
      return layer;
    },
    inputs: [
      [2, 3],
      [1, 3, 2],
      [0, 3],
    ],
    errors: [
      { call: () => new Unit(0), says: `${Unit.name}: numChannels must be a whole number ≥ 1; got 0` },
      { call: () => new Unit(3, { k: 0 }), says: `${Unit.name}: k must be a whole number ≥ 1; got 0` },
      { call: () => new Unit(3, { maxInput: 0 }), says: `${Unit.name}: maxInput must be a number > 0; got 0` },
    ],
  };
}

/** The weights of one of seven bumps. */
export const onlyBump = (j: number): Tensor => tensor([Array.from({ length: 8 }, (_, i) => (i === j + 1 ? 1 : 0))]);
