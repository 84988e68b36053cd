import { ShapeError } from 'adjoint';
import { confusionMatrix } from 'adjoint/metrics';
import { renderConfusion } from 'adjoint/plot';
import { expect, it } from 'vitest';

const truth = [0, 0, 0, 1, 1, 2];
const predicted = [0, 0, 1, 1, 0, 1];
const matrix = confusionMatrix({ classes: 3 })(predicted, truth);

it('prints aligned text', () => {
  expect(renderConfusion(matrix, ['cat', 'dog', 'gnu'])).toBe(
    'true \\ predicted  cat  dog  gnu\n' +
      'cat                 2    1    ·\n' +
      'dog                 1    1    ·\n' +
      'gnu                 ·    1    ·\n',
  );
  expect(renderConfusion(confusionMatrix({ rows: 'predicted' })(predicted, truth), ['cat', 'dog', 'gnu'])).toBe(
    'predicted \\ true  cat  dog  gnu\n' +
      'cat                 2    1    ·\n' +
      'dog                 1    1    1\n' +
      'gnu                 ·    ·    ·\n',
  );
});

it('tints by share of the row', () => {
  expect(renderConfusion(confusionMatrix()([1, 1], [1, 0]), ['a', 'b'], { colour: true })).toBe(
    'true \\ predicted  a  b\n' +
      'a                 ·\x1b[48;5;124m\x1b[97m  1\x1b[0m\n' +
      'b                 ·\x1b[48;5;34m\x1b[97m  1\x1b[0m\n',
  );
});

it('wants a label a class', () => {
  expect(() => renderConfusion(matrix, ['a'])).toThrow(
    new ShapeError('renderConfusion: 3 classes need as many labels; got 1'),
  );
});
