import type { Plain, Sample } from './harness.js';

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
