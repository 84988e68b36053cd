import { record } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { add } from '../elementwise/add.js';
import { type Padding, pad } from '../shape/pad.js';
import { embed, type Range, slice } from '../shape/slice.js';
import type { Track } from './window.js';

/*
 * The windows along one axis as an axis of their own. Each of the two is the other's derivative.
 */

/** [..., size, ...] → [..., count, ..., taps]: a view, unless the axis is padded; zeros are outside of it. */
export function windows(x: Tensor, axis: number, along: Track): Tensor {
  const { before, after } = along;
  if (before + after === 0) return view(x, axis, along);
  const others: Padding[] = new Array(x.rank - axis - 1).fill([0, 0]);
  return view(pad(x, [[before, after], ...others]), axis, along);
}

function view(x: Tensor, axis: number, along: Track): Tensor {
  const { taps, stride, dilation, count } = along;
  const shape = [...x.shape.with(axis, count), taps];
  const strides = [...x.strides.with(axis, stride * x.strides[axis]), dilation * x.strides[axis]];
  const y: Tensor = new Tensor(x.storage, x.dtype, shape, strides, x.offset);
  const size = x.shape[axis];
  return record('windows', y, [x], [], (dy) => [overlap(dy, axis, along, size)]);
}

/**
 * [..., count, ..., taps] → [..., size, ...]: every window added where it lies, what lies in the padding left out. A negative
 * padding behind is elements that no window reaches.
 */
export function addWindows(y: Tensor, axis: number, along: Track): Tensor {
  const { size, before } = along;
  const after = Math.max(0, along.after);
  const x = overlap(y, axis, along, before + size + after);
  return before + after === 0 ? x : slice(x, ...whole(axis), [before, before + size]);
}

const whole = (axes: number): null[] => new Array(axes).fill(null);

/** Windows added up along an axis of `size` that has its padding. */
function overlap(y: Tensor, axis: number, { taps, stride, dilation, count }: Track, size: number): Tensor {
  const shape = y.shape.slice(0, -1).with(axis, size);
  const tap = (p: number): Tensor => {
    const place: Range = [p * dilation, p * dilation + (count - 1) * stride + 1, stride];
    return embed(slice(y, '...', p), shape, [...whole(axis), place]);
  };
  let x = tap(0);
  for (let p = 1; p < taps; p++) x = add(x, tap(p));
  return x;
}
