import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkRank } from '../check.js';

/* The common parts of ops that slide a window over sequences [N, C, L], images [N, C, H, W] and volumes [N, C, D, H, W]. */

/** Number of spatial axes: 1 for sequences, 2 for images, 3 for volumes. */
export type Rank = 1 | 2 | 3;

interface SizesOf {
  1: [length: number];
  2: [height: number, width: number];
  3: [depth: number, height: number, width: number];
}
/** A number for each spatial axis. */
export type Sizes<R extends Rank> = SizesOf[R];
/** One number for all spatial axes, or one for each. */
export type PerAxis<R extends Rank> = number | Readonly<Sizes<R>>;
/** One number for both axes, or one for the height and one for the width. */
export type Pair = PerAxis<2>;

/** The shape of a batch of N with C channels; how long the spatial axes are is known at run time. */
export type Images<N extends number, C extends number, R extends Rank> = {
  1: [N, C, number];
  2: [N, C, number, number];
  3: [N, C, number, number, number];
}[R];

const words = {
  1: { count: 'one', axes: ['length'], one: 'sequence', letters: 'L' },
  2: { count: 'two', axes: ['height', 'width'], one: 'image', letters: 'H, W' },
  3: { count: 'three', axes: ['depth', 'height', 'width'], one: 'volume', letters: 'D, H, W' },
} as const;

/** The names of the spatial axes, as errors have them. */
export const axisNames = (rank: Rank): string => words[rank].axes.join(', ');

/** A user's whole numbers, one an axis and none below `least`. */
export function checkSizes<R extends Rank>(
  op: string,
  name: string,
  value: PerAxis<R>,
  rank: R,
  least: number,
): Sizes<R> {
  const sizes: readonly number[] = Array.isArray(value) ? value : new Array(rank).fill(value);
  if (sizes.length !== rank || !sizes.every((n) => Number.isSafeInteger(n) && n >= least)) {
    throw new ValueError(
      `${op}: ${name} must be a whole number ≥ ${least} or ${words[rank].count} of them, [${axisNames(rank)}]; got ${JSON.stringify(value)}`,
    );
  }
  return [...sizes] as Sizes<R>;
}

/** The operand of an op on sequences, images or volumes. */
export function checkImages(op: string, x: Tensor, rank: Rank): void {
  const { axes, one, letters } = words[rank];
  const fix = `; a single ${one} [C, ${letters}] needs reshape([1, C, ${letters}])`;
  checkRank(op, 'x', x, ['batch', 'channels', ...axes], fix);
}

/** What is added at the start and at the end of an axis. */
export type Sides = readonly [before: number, after: number];

/** One number for every side, one an axis, or [before, after] for each axis. */
export type PaddingSizes<R extends Rank> =
  | PerAxis<R>
  | { 1: readonly [Sides]; 2: readonly [Sides, Sides]; 3: readonly [Sides, Sides, Sides] }[R];

/** A window on its way along one axis: position i covers the elements i · stride + p · dilation − before, p < taps. */
export interface Track {
  /** Elements of the axis. */
  readonly size: number;
  /** Elements of the window. */
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** Positions of the window. */
  readonly count: number;
}

/** An axis that every window sees one element of. */
export const track = (size: number): Track => ({
  size,
  taps: 1,
  stride: 1,
  dilation: 1,
  before: 0,
  after: 0,
  count: size,
});

/** The part of an axis that a window covers. */
export const reach = ({ taps, dilation }: Pick<Track, 'taps' | 'dilation'>): number => dilation * (taps - 1) + 1;

/** The windows' positions; fails where the window is larger than the padded image. */
export function checkTracks<R extends Rank>(
  op: string,
  x: Shape,
  rank: R,
  axes: readonly Omit<Track, 'size' | 'count'>[],
): Track[] {
  const sizes = x.slice(2);
  const padded = axes.map(({ before, after }, i) => before + sizes[i] + after);
  if (axes.some((axis, i) => reach(axis) > padded[i])) {
    throw new ShapeError(
      `${op}: the window ${show(axes.map(reach))} is larger than the padded ${words[rank].one} ${show(padded)} of x ${show(x)}; pad more or use a smaller kernel`,
    );
  }
  return axes.map(({ taps, stride, dilation, before, after }, i) => ({
    size: sizes[i],
    taps,
    stride,
    dilation,
    before,
    after,
    count: Math.floor((padded[i] - reach({ taps, dilation })) / stride) + 1,
  }));
}
