import { ShapeError, tensor, ValueError, zeros } from 'adjoint';
import { Average, accuracy, binaryAccuracy } from 'adjoint/metrics';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { metricSpec } from '../metric_spec.js';

const scores = tensor([
  [0.1, 0.9, 0],
  [2, 1, 0],
  [-3, -2, -1],
  [1, 1, 0],
]);

describe.each(engines)('accuracy on $name', ({ use }) => {
  it('is the share of labels with the highest score; of equal scores the first counts', () => {
    use();
    expect(accuracy(scores, tensor(new Int32Array([1, 0, 2, 0])))).toBe(1);
    expect(accuracy(scores, tensor(new Int32Array([1, 0, 0, 1])))).toBe(0.5);
    expect(accuracy(scores.to('float64'), tensor(new Int32Array([0, 1, 0, 1])))).toBe(0);
    expect(accuracy(scores.to('bfloat16'), tensor(new Int32Array([1, 0, 2, 0])))).toBe(1);
    expect(accuracy(scores.transpose(), tensor(new Int32Array([1, 1, 3])))).toBe(2 / 3);
  });
});

metricSpec('accuracy', accuracy, {
  samples: [
    {
      output: [
        [0.1, 0.9],
        [2, 1],
        [1, 1],
        [0, 3],
      ],
      target: [1, 1, 0, 1],
      score: 0.75,
    },
    { output: [1, 0, 2, 2], target: [1, 1, 2, 0], score: 0.5 },
    // Pixels: [n, c, h] against [n, h].
    {
      output: [
        [
          [1, 2],
          [0, 3],
        ],
        [
          [5, 1],
          [4, 2],
        ],
      ],
      target: [
        [0, 1],
        [0, 0],
      ],
      score: 0.75,
    },
  ],
  errors: [
    {
      call: () => accuracy(zeros([8, 10]), zeros([7], { dtype: 'int32' })),
      says: new ShapeError('accuracy: scores must be [n, c, …] with c ≥ 1, and target [n, …]; got [8, 10] and [7]'),
    },
    {
      call: () => accuracy(zeros([3]), zeros([4])),
      says: new ShapeError(
        'accuracy: output must be scores [n, c, …] or classes [n, …], and target classes [n, …]; got [3] and [4]',
      ),
    },
    {
      call: () => accuracy([[1, 2, 3]], [3]),
      says: new ValueError('accuracy: a class must be a whole number from 0 to 2; target[0] is 3'),
    },
    {
      call: () => accuracy([0.5], [1]),
      says: new ValueError(
        'accuracy: a class must be a whole number ≥ 0; output[0] is 0.5; for scores of class 1 give threshold',
      ),
    },
    {
      call: () => accuracy([[1, 2], [3]], [0, 1]),
      says: new ShapeError('accuracy: output must have arrays of 2 at depth 1; got one of 1'),
    },
    {
      call: () => accuracy([['a'] as unknown as number[]], [0]),
      says: new ValueError('accuracy: output must hold numbers; got string'),
    },
  ],
});

metricSpec('binaryAccuracy', binaryAccuracy(), {
  samples: [
    { output: [0.2, 0.7, 0.5, 0.9], target: [0, 1, 1, 0], score: 0.5 },
    { output: [[0.2], [0.7]], target: [0, 1], score: 1 },
  ],
});

describe('Average', () => {
  it('weights by count', () => {
    const mean = new Average();
    expect(mean.value).toBeNaN();
    mean.add(1, 3);
    mean.add(5);
    expect([mean.value, mean.count]).toEqual([2, 4]);
    const restored = new Average();
    restored.loadStateDict(JSON.parse(JSON.stringify(mean.stateDict())));
    restored.add(7, 4);
    expect(restored.value).toBe(4.5);
    expect(() => mean.add(1, -1)).toThrow('Average.add: count must be a finite number ≥ 0; got -1');
  });
});
