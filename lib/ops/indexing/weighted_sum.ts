import { kernel, run } from '../../backend/index.js';
import { sizeOf } from '../../core/shape.js';
import { empty, tensor } from '../../tensor/create.js';
import { record } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { around } from '../activation/softmax.js';
import { contiguous } from '../shape/contiguous.js';

/** A sparse matrix by its rows: of each result the elements that it is made of, and their weights; a place −1 ends them. */
export interface Weighing {
  /** Elements of the axis. */
  readonly size: number;
  /** Results. */
  readonly count: number;
  /** [count, taps] */
  readonly places: Int32Array<ArrayBuffer>;
  readonly weights: Float64Array<ArrayBuffer>;
}

// A product and a sum for each tap.
kernel('weightedSum', { flops: ([y, , places]) => 2 * places.shape[1] * sizeOf(y.shape) });

/** The sums by the kernel, without a gradient: places int32 and weights of x's dtype, both [count, taps]. */
export function sumWeighted(x: Tensor, axis: number, places: Tensor, weights: Tensor): Tensor {
  const y: Tensor = empty(
    x.shape.map((d: number, i: number) => (i === axis ? places.shape[0] : d)),
    x.dtype,
  );
  run('weightedSum', [around(y, axis), around(x, axis), contiguous(places), contiguous(weights)]);
  return y;
}

/** Sums of weighed elements of x, float32 or float64, along one axis. Its gradient is that of the transposed matrix. */
export function weightedSum(x: Tensor, axis: number, weighing: Weighing): Tensor {
  const { count, places, weights } = weighing;
  const shape = [count, places.length / Math.max(1, count)];
  const y = sumWeighted(x, axis, tensor(places, { shape }), tensor(weights, { shape, dtype: x.dtype }));
  return record('weightedSum', y, [x], [], (dy) => [weightedSum(dy, axis, transposed(weighing))]);
}

function transposed({ size, count, places, weights }: Weighing): Weighing {
  const uses = new Int32Array(size);
  for (const place of places) if (place >= 0) uses[place]++;
  const most = uses.reduce((a, b) => Math.max(a, b), 0);
  const turned = {
    size: count,
    count: size,
    places: new Int32Array(size * most).fill(-1),
    weights: new Float64Array(size * most),
  };
  const taps = places.length / Math.max(1, count);
  uses.fill(0);
  places.forEach((place, k) => {
    if (place < 0) return;
    const at = place * most + uses[place]++;
    turned.places[at] = Math.floor(k / taps);
    turned.weights[at] = weights[k];
  });
  return turned;
}
