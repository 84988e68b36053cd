import { locallyConnected1d, locallyConnected2d, ones } from 'adjoint';
import { build, indices } from '../../axes.js';
import { type Plain, type Sample, spec } from '../../harness.js';
import { reading, sidesOf, type WindowOptions } from '../../windows.js';

const reference = ([x, w, bias]: Plain[], ...args: (WindowOptions | undefined)[]): Plain => {
  const { padding, stride = 1 } = args.at(-1) as { padding?: number; stride?: number };
  const rank = x.shape.length - 2;
  const [n, c] = x.shape;
  const [counts, o, taps] = [w.shape.slice(0, rank), w.shape[rank], w.shape.slice(rank + 2)];
  const [image, weight, sides] = [reading(x), reading(w), sidesOf(padding, rank)];
  return build([n, o, ...counts], ([b, f, ...place]) =>
    indices([c, ...taps]).reduce(
      (total, [channel, ...tap]) =>
        total +
        weight([...place, f, channel, ...tap]) *
          image([b, channel, ...place.map((i, a) => i * stride + tap[a] - sides[a][0])]),
      bias === undefined ? 0 : reading(bias)([f, ...place]),
    ),
  );
};

const sample = (x: number[], w: number[], options: object, bias?: number[]): Sample => ({
  operands: [x, w, ...(bias ? [bias] : [])].map((shape) => ({ shape })),
  args: bias ? [options] : [undefined, options],
});

spec('locallyConnected1d', locallyConnected1d as never, {
  reference: reference as never,
  samples: [
    sample([1, 1, 3], [2, 1, 1, 2], {}),
    sample([2, 2, 4], [4, 3, 2, 3], { padding: 1 }, [3, 4]),
    sample([2, 1, 5], [2, 2, 1, 2], { stride: 3 }),
  ],
  slack: 4,
});

spec('locallyConnected2d', locallyConnected2d as never, {
  reference: reference as never,
  samples: [
    sample([1, 1, 2, 3], [1, 2, 1, 1, 2, 2], {}),
    sample([2, 2, 3, 3], [2, 2, 2, 2, 2, 2], {}, [2, 2, 2]),
    sample([1, 2, 3, 2], [2, 2, 1, 2, 2, 1], { stride: 2, padding: 1 }),
  ],
  slack: 4,
  errors: [
    {
      call: () => locallyConnected2d(ones([1, 3, 3, 3]), ones([3, 3, 4, 3, 2, 2])),
      says: 'locallyConnected2d: weight must be [2, 2, out channels, 3, 2, 2] for x [1, 3, 3, 3]; got [3, 3, 4, 3, 2, 2]',
    },
    {
      call: () => locallyConnected2d(ones([1, 3, 3, 3]), ones([4, 3, 2, 2])),
      says: 'locallyConnected2d: weight must have the axes [height, width, out channels, in channels, height, width]; got [4, 3, 2, 2]',
    },
    {
      call: () => locallyConnected2d(ones([1, 3, 3, 3]), ones([2, 2, 4, 3, 2, 2]), ones([4])),
      says: 'locallyConnected2d: bias must be [4, 2, 2]; got [4]',
    },
  ],
});
