import { ones, tensor, zeros } from 'adjoint';
import { Average, accuracy } from 'adjoint/metrics';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

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

describe('accuracy refuses', () => {
  it('shapes, dtypes and labels that do not fit', () => {
    expect(() => accuracy(zeros([8, 10]), zeros([7], { dtype: 'int32' }))).toThrow(
      'accuracy: scores must be [n, c] and labels [n], with n ≥ 1 and c ≥ 1; got [8, 10] and [7]',
    );
    expect(() => accuracy(zeros([0, 10]), zeros([0], { dtype: 'int32' }))).toThrow('got [0, 10] and [0]');
    expect(() => accuracy(ones([2, 3], { dtype: 'int32' }), zeros([2], { dtype: 'int32' }))).toThrow(
      'accuracy: scores must be floating-point; got int32; are the arguments exchanged?',
    );
    expect(() => accuracy(scores, tensor(new Int32Array([0, 1, 2, 3])))).toThrow(
      'accuracy: index 3 at [3] must be within 0 … 2, the number of classes being 3',
    );
  });
});

describe('Average', () => {
  it('weights by count', () => {
    const mean = new Average();
    expect(mean.value).toBeNaN();
    mean.add(1, 3);
    mean.add(5);
    expect([mean.value, mean.count]).toEqual([2, 4]);
    const restored = Average.from(JSON.parse(JSON.stringify(mean.state())));
    restored.add(7, 4);
    expect(restored.value).toBe(4.5);
    expect(() => mean.add(1, -1)).toThrow('Average.add: count must be a finite number ≥ 0; got -1');
  });
});
