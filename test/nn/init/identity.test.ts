import { conv2d, nn, randn, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { message } from '../../message.js';

const { init } = nn;

it('eye passes on what it can', () => {
  expect(init.eye(zeros([2, 3])).toArray()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(init.identity).toBe(init.eye);
  expect(message(() => init.eye(zeros([3])))).toBe('ShapeError eye: the tensor must have the axes [out, in]; got [3]');
});

it('dirac makes a convolution that passes on its channels', () => {
  const x = randn([2, 3, 5, 4]);
  const y = conv2d(x, init.dirac(zeros([3, 3, 3, 3])), undefined, { padding: 1 });
  expect(y.toArray()).toEqual(x.toArray());
  const more = init.dirac(zeros([3, 2, 3]));
  expect(more.toArray()).toEqual([
    [
      [0, 1, 0],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 1, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ]);
});

it('dirac passes on the channels of each group', () => {
  const x = randn([2, 4, 3, 3]);
  const y = conv2d(x, init.dirac(zeros([4, 2, 3, 3]), { groups: 2 }), undefined, { padding: 1, groups: 2 });
  expect(y.toArray()).toEqual(x.toArray());
});

it('dirac states its errors', () => {
  expect(message(() => init.dirac(zeros([3, 3])))).toBe(
    'ShapeError dirac: the tensor must have the axes [out, in, ...kernel]; got [3, 3]',
  );
  expect(message(() => init.dirac(zeros([3, 3, 1]), { groups: 0 }))).toBe(
    'ValueError dirac: groups must be a whole number ≥ 1; got 0',
  );
  expect(message(() => init.dirac(zeros([3, 3, 1]), { groups: 2 }))).toBe(
    'ValueError dirac: groups must divide out; got 2 groups of 3',
  );
});
