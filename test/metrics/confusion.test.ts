import { expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../lib/core/errors.js';
import { accuracyOf, classScores, confusionMatrix, renderConfusion } from '../../lib/metrics/index.js';

const matrix = confusionMatrix([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 1], 3);

it('counts pairs, rows are the truth', () => {
  expect([...matrix.counts]).toEqual([2, 1, 0, 1, 1, 0, 0, 1, 0]);
  expect(accuracyOf(matrix)).toBe(3 / 6);
  expect(accuracyOf(confusionMatrix([], [], 2))).toBeNaN();
});

it('scores each class, NaN where there is nothing to divide by', () => {
  expect(classScores(matrix)).toEqual([
    { precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 },
    { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, support: 2 },
    { precision: NaN, recall: 0, f1: 0, support: 1 },
  ]);
});

it('prints aligned text', () => {
  expect(renderConfusion(matrix, ['cat', 'dog', 'gnu'])).toBe(
    'true \\ predicted  cat  dog  gnu\n' +
      'cat                 2    1    ·\n' +
      'dog                 1    1    ·\n' +
      'gnu                 ·    1    ·\n',
  );
  expect(renderConfusion(confusionMatrix([1, 0], [1, 1], 2), ['a', 'b'], { colour: true })).toBe(
    'true \\ predicted  a  b\n' +
      'a                 ·\x1b[48;5;124m\x1b[97m  1\x1b[0m\n' +
      'b                 ·\x1b[48;5;34m\x1b[97m  1\x1b[0m\n',
  );
});

it('refuses what cannot be counted', () => {
  expect(() => confusionMatrix([0], [], 2)).toThrow(
    new ShapeError('confusionMatrix: truth and predicted must be of equal length; got 1 and 0'),
  );
  expect(() => confusionMatrix([0, 1], [0, 2], 2)).toThrow(
    new ValueError('confusionMatrix: a class must be a whole number from 0 to 1; predicted[1] is 2'),
  );
  expect(() => confusionMatrix([0], [0], 0)).toThrow(
    new ValueError('confusionMatrix: classes must be a whole number ≥ 1; got 0'),
  );
  expect(() => renderConfusion(matrix, ['a'])).toThrow(
    new ShapeError('renderConfusion: 3 classes need as many labels; got 1'),
  );
});
