import { nn, ones, randn, seed, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../../harness.js';

describe.each(engines)('mcDropout on $name', ({ use }) => {
  it('gives the mean and the spread of passes with dropout, and leaves all else in evaluation', () => {
    use();
    seed(8);
    const model = new nn.Sequential(
      new nn.Linear(3, 20),
      new nn.BatchNorm1d(20),
      new nn.Dropout(0.5),
      new nn.Linear(20, 2),
    );
    model.layers[2].eval();
    const x = randn([4, 3]);
    const { mean, std } = nn.mcDropout(model, { samples: 400 }, x);
    expect([mean.shape, std.shape]).toEqual([
      [4, 2],
      [4, 2],
    ]);
    expect(mean.node).toBeNull();
    expect(model.modules().map(({ training }) => training)).toEqual([true, true, true, false, true]);
    expect(model.layers[1].numBatchesTracked?.item()).toBe(0);
    // The mean of 400 passes lies within four of its own deviations of what evaluation gives.
    const exact: Tensor = model.eval().forward(x);
    [...mean.data()].forEach((value, i) => {
      expect(Math.abs(value - exact.data()[i])).toBeLessThan((4 * std.data()[i]) / 20);
      expect(std.data()[i]).toBeGreaterThan(0);
    });
  });
});

it.each([
  [
    () => nn.mcDropout(new nn.Linear(1, 1), {}, ones([1, 1])),
    'mcDropout: the model must have a layer of dropout; got Linear',
  ],
  [
    () => nn.mcDropout(new nn.Dropout(), { samples: 1 }, ones([1])),
    'mcDropout: samples must be a whole number ≥ 2; got 1',
  ],
])('mcDropout states error %#', (call, says) => {
  expect(call).toThrow(says);
});
