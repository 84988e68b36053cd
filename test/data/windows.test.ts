import { type Tensor, tensor, zeros } from 'adjoint';
import { DataLoader, timeSeriesWindows, tokenWindows } from 'adjoint/data';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';

const stream = Int32Array.from({ length: 11 }, (_, i) => i);

describe.each(engines)('windows on $name', ({ use }) => {
  it('predict the next token', () => {
    use();
    const data = tokenWindows(stream, { length: 4 });
    expect(data.length).toBe(2);
    const pairs = Array.from({ length: 2 }, (_, i) => data.get(i).map((part) => part.toArray()));
    expect(pairs).toEqual([
      [
        [0, 1, 2, 3],
        [1, 2, 3, 4],
      ],
      [
        [4, 5, 6, 7],
        [5, 6, 7, 8],
      ],
    ]);
    // The last window ends with the last token, and a stride of 1 leaves none out.
    expect(tokenWindows(stream, { length: 10 }).length).toBe(1);
    const every = tokenWindows(tensor(stream), { length: 4, stride: 1 });
    expect([every.length, every.get(6)[1].toArray()]).toEqual([7, [7, 8, 9, 10]]);
    const [x, y] = [...new DataLoader(every, { batchSize: 7 })][0];
    expect([x.shape, y.shape, x.dtype]).toEqual([[7, 4], [7, 4], 'int32']);
    for (let i = 0; i < 7; i++)
      expect([x.slice(i).toArray(), y.slice(i).toArray()]).toEqual(every.get(i).map((part) => part.toArray()));
    expectTypeOf(x).toEqualTypeOf<Tensor<[number, number], 'int32'>>();
  });

  it('forecast values', () => {
    use();
    const series = tensor([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [5, 50],
    ]);
    const data = timeSeriesWindows(series, { length: 2, horizon: 2, stride: 1 });
    expect(data.length).toBe(2);
    expect(data.get(1).map((part) => part.toArray())).toEqual([
      [
        [2, 20],
        [3, 30],
      ],
      [
        [4, 40],
        [5, 50],
      ],
    ]);
    const [x, y] = (data.batch as (indices: Int32Array) => [Tensor, Tensor])(new Int32Array([1, 0]));
    expect([x.shape, y.shape]).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
    expect(x.slice(0).toArray()).toEqual(data.get(1)[0].toArray());
    // Airline passengers: 144 months, twelve of them known, make 132 examples.
    const airline = timeSeriesWindows(zeros([144, 1]), { length: 12 });
    const [last] = [...new DataLoader(airline, { batchSize: 132 })];
    expect([airline.length, last[0].shape, last[1].shape]).toEqual([132, [132, 12, 1], [132, 1, 1]]);
    expect(
      timeSeriesWindows(tensor([1, 2, 3]), { length: 2 })
        .get(0)[1]
        .toArray(),
    ).toEqual([3]);
    expectTypeOf(last[0]).toEqualTypeOf<Tensor<[number, number, 1], 'float32'>>();
  });

  it('share memory with the series', () => {
    use();
    const series = tensor([1, 2, 3]).requireGrad();
    const [x] = timeSeriesWindows(series, { length: 2 }).get(0);
    expect([x.storage === series.storage, x.node]).toEqual([true, null]);
  });
});

it.each<[() => unknown, string]>([
  [
    () => tokenWindows(stream, { length: 11 }),
    'ShapeError tokenWindows: a window needs 12 tokens, of which the last is only predicted; got 11',
  ],
  [() => tokenWindows(stream, { length: 0 }), 'ValueError tokenWindows: length must be a whole number ≥ 1; got 0'],
  [
    () => tokenWindows(zeros([2, 2], { dtype: 'int32' }), { length: 1 }),
    'ShapeError tokenWindows: tokens must have one axis; got shape [2, 2]',
  ],
  [
    () => timeSeriesWindows(zeros([10]), { length: 12 }),
    'ShapeError timeSeriesWindows: a window needs 12 values and 1 to forecast; got 10',
  ],
  [
    () => timeSeriesWindows(zeros([]), { length: 1 }),
    'ShapeError timeSeriesWindows: a series must have an axis of time; got shape []',
  ],
  [
    () => tokenWindows(stream, { length: 4 }).get(2),
    'ValueError tokenWindows.get: index must be a whole number from 0 to 1; got 2',
  ],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
