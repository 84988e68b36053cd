import { kernel, run, type View } from '../../backend/index.js';
import { defaultGenerator, type Generator } from '../../core/random.js';
import { everyStep } from '../../core/recording.js';
import { broadcastShapes, broadcastStrides, sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { empty } from '../../tensor/create.js';
import { fused } from '../../tensor/op.js';
import { isRecording, isTracked } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import { arange } from '../creation/arange.js';
import { add } from '../elementwise/add.js';
import { div } from '../elementwise/div.js';
import { eq } from '../elementwise/eq.js';
import { exp } from '../elementwise/exp.js';
import { le } from '../elementwise/le.js';
import { mul } from '../elementwise/mul.js';
import { sub } from '../elementwise/sub.js';
import { where } from '../indexing/where.js';
import { matmul } from '../linalg/matmul.js';
import { inFloat, productNumbers } from '../precision.js';
import { bernoulliOf } from '../random/random.js';
import { max } from '../reduction/max.js';
import { sum } from '../reduction/sum.js';
import { permute, transpose } from '../shape/permute.js';
import { slice } from '../shape/slice.js';

/*
 * Attention on checked operands, for the op `scaledDotProductAttention` and the layers: queries [..., L, E], keys [...,
 * S, E], values [..., S, V], and a mask that broadcasts to the scores [..., L, S].
 */

/** How keys are weighted. */
export interface Weighting {
  scale: number;
  /** Whether the query at i sees only the keys up to i. */
  causal: boolean;
  /** Probability that dropout sets a weight to 0. */
  p: number;
  generator?: Generator | undefined;
}

/**
 * A weighting with the shape of its weights and the place of their random numbers: in a captured step another in every
 * call.
 */
type Drawn = Weighting & { shape: Shape; seed: number; counter: number };

/** Takes the random numbers for dropout from the generator, one for each weight. */
function draw(weighting: Weighting, query: Tensor, key: Tensor, value: Tensor): Drawn {
  const batch = [key, value].reduce<Shape>(
    (shape, x) => broadcastShapes('scaledDotProductAttention', shape, x.shape.slice(0, -2)),
    query.shape.slice(0, -2),
  );
  const shape = [...batch, query.shape[query.rank - 2], key.shape[key.rank - 2]];
  const drawn = { ...weighting, shape, seed: 0, counter: 0 };
  if (weighting.p > 0) {
    everyStep(() => {
      const generator = weighting.generator ?? defaultGenerator();
      drawn.seed = generator.seed;
      drawn.counter = generator.take(Math.ceil(sizeOf(shape) / 4));
    });
  }
  return drawn;
}

/** The weights [..., L, S], by ops. */
function weights(query: Tensor, key: Tensor, mask: Tensor | undefined, drawn: Drawn): Tensor {
  const { scale, causal, p, shape } = drawn;
  const [queries, keys] = shape.slice(-2);
  let scores: Tensor = mul(matmul(query, transpose(key)), scale);
  if (mask !== undefined) scores = mask.dtype === 'bool' ? where(mask, scores, -Infinity) : add(scores, mask);
  if (causal) {
    const seen = le(arange(keys, { dtype: 'int32' }), arange(queries, { dtype: 'int32' }).reshape([queries, 1]));
    scores = where(seen, scores, -Infinity);
  }
  if (scores.size === 0) return scores;
  // A query that sees no key has the peak −∞ and the total 0: all its weights are 0.
  const peak: Tensor = max(scores, -1, { keepDims: true }).detach();
  const e = exp(sub(scores, where(eq(peak, -Infinity), 0, peak)));
  const total: Tensor = sum(e, -1, { keepDims: true });
  const softmax = div(e, where(eq(total, 0), 1, total));
  if (p === 0) return softmax;
  const kept = bernoulliOf(drawn, 1 - p, shape);
  return p === 1 ? mul(softmax, 0) : where(kept, mul(softmax, 1 / (1 - p)), 0);
}

const formula = (query: Tensor, key: Tensor, value: Tensor, mask: Tensor | undefined, drawn: Drawn): Tensor =>
  matmul(weights(query, key, mask, drawn), value);

/** Multiplications and additions, and others, for each pair of a query and a key that it sees. */
function pairFlops(query: View, key: View, [, causal]: readonly number[], each: number): number {
  const [queries, width] = query.shape.slice(-2);
  const keys = key.shape[key.shape.length - 2];
  // Of the queries 0, 1, … each sees a key more, until all are seen.
  const few = Math.min(queries, keys);
  const seen = causal ? (few * (few + 1)) / 2 + Math.max(0, queries - keys) * keys : queries * keys;
  return (sizeOf(query.shape) / Math.max(1, queries * width)) * seen * each;
}

const last = ({ shape }: View): number => shape[shape.length - 1];

// Scores and means 2 (E + V); peak, difference, exp, sum 4.
kernel('attention', {
  writes: 2,
  flops: ([y, , q, k], numbers) => pairFlops(q, k, numbers, 2 * (last(q) + last(y)) + 4),
});
// Scores, dq and dk 6 E, dv and dy · vᵀ 4 V; difference, exp, factor, difference, product 5.
kernel('attentionGradient', {
  writes: 3,
  flops: ([, , , dy, , , q, k], numbers) => pairFlops(q, k, numbers, 6 * last(q) + 4 * last(dy) + 5),
});

/** The result by the kernel, and the gradients by theirs, written to where they are wanted. */
function attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | undefined, drawn: Drawn) {
  const { scale, causal, p, shape } = drawn;
  const batch = shape.slice(0, -2);
  const [q, k, v] = [query, key, value].map((x) => repeated(x, [...batch, ...x.shape.slice(-2)]));
  const operands = mask === undefined ? [q, k, v] : [q, k, v, repeated(mask, shape)];
  const rows = shape.slice(0, -1);
  const y = emptyAs(q, [...rows, v.shape[v.rank - 1]]);
  const statistics = empty([...rows, 2], q.dtype);
  const products = productNumbers(q.dtype);
  const numbers = (): readonly number[] => [scale, Number(causal), p, drawn.seed, drawn.counter, ...products];
  const all = p === 0 ? numbers() : numbers;
  run('attention', [y, statistics, ...operands], all);
  return {
    y,
    operands: [q, k, v],
    gradient(dy: Tensor, targets: readonly Tensor[]): void {
      run('attentionGradient', [...targets, dy, y, statistics, ...operands], all);
    },
  };
}

/** x with its axes of size 1 repeated, outside of the tape. */
const repeated = (x: Tensor, shape: Shape): Tensor =>
  new Tensor(x.storage, x.dtype, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);

/**
 * For a result: the axes before the last lie in memory as those of x, so that heads which x has side by side stay
 * there.
 */
function emptyAs(x: Tensor, shape: Shape): Tensor {
  const steps = x.strides.map((stride) => (stride === 0 ? Infinity : stride));
  steps[x.rank - 1] = 0;
  const order = steps
    .map((_, axis) => axis)
    .sort((a, b) => (steps[a] < steps[b] ? 1 : steps[a] > steps[b] ? -1 : a - b));
  const y: Tensor = empty(
    order.map((axis) => shape[axis]),
    x.dtype,
  );
  return permute(
    y,
    order.map((_, axis) => order.indexOf(axis)),
  );
}

const separate = fused('attention', formula, (query, key, value, mask, drawn) => {
  const { y, operands, gradient } = attend(query, key, value, mask, drawn);
  return {
    result: y,
    saved: [query, key, value, y, mask],
    backward: (dy) => {
      const targets = operands.map((x) => emptyAs(x, x.shape));
      gradient(dy, targets);
      return targets;
    },
  };
});

/** A mask whose gradient is wanted: it is as large as the scores, so that these may as well be there. */
const isLearned = (mask: Tensor | undefined): boolean => mask !== undefined && isRecording() && isTracked(mask);

/** What is added to the scores takes part in promotion, what is true or false does not. */
const added = (mask: Tensor | undefined): Tensor | undefined => (mask?.dtype === 'bool' ? undefined : mask);

/** softmax(scale · query · keyᵀ, masked) · value. */
export const attention = (
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Tensor | undefined,
  weighting: Weighting,
): Tensor =>
  inFloat([query, key, value, added(mask)], (query: Tensor, key: Tensor, value: Tensor, bias) =>
    (isLearned(bias) ? formula : separate)(query, key, value, bias ?? mask, draw(weighting, query, key, value)),
  );

/** The same by ops, with the weights [..., L, S] beside it. */
export function composedAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  mask: Tensor | undefined,
  weighting: Weighting,
): [result: Tensor, weights: Tensor] {
  const w = inFloat([query, key, added(mask)], (query: Tensor, key: Tensor, bias) =>
    weights(query, key, bias ?? mask, draw(weighting, query, key, value)),
  );
  return [matmul(w, value), w];
}

/** Query, key and value of [..., 3, L, E]. */
const parts = (packed: Tensor): [Tensor, Tensor, Tensor] => [
  slice(packed, '...', 0, null, null),
  slice(packed, '...', 1, null, null),
  slice(packed, '...', 2, null, null),
];

const together = fused(
  'attention',
  (packed: Tensor, mask: Tensor | undefined, drawn: Drawn) => formula(...parts(packed), mask, drawn),
  (packed, mask, drawn) => {
    const { y, gradient } = attend(...parts(packed.detach()), mask, drawn);
    return {
      result: y,
      saved: [packed, y, mask],
      backward: (dy) => {
        const target = emptyAs(packed, packed.shape);
        gradient(dy, parts(target));
        return [target];
      },
    };
  },
);

/**
 * Attention of [..., 3, L, E] to itself: query, key and value come from one tensor, and its gradient is written as one.
 */
export const selfAttention = (packed: Tensor, mask: Tensor | undefined, weighting: Weighting): Tensor =>
  inFloat([packed, added(mask)], (packed: Tensor, bias) => {
    if (isLearned(bias)) return attention(...parts(packed), bias, weighting);
    return together(packed, bias ?? mask, draw(weighting, ...parts(packed.detach())));
  });
