import { grad, sigmoid, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { unary } from '../../elementwise.js';

const formula = (x: number): number => 1 / (1 + Math.exp(-x));

unary('sigmoid', sigmoid, { of: formula, also: [88, -80, 17] });

it('lecture notes 003, lines 689–693: sigmoid at 4, 5 and 6, its derivative there, and at what it gives there', () => {
  const z = tensor([4, 5, 6], { dtype: 'float64' });
  const derivative = (x: Tensor): number[] => grad((v: Tensor) => sigmoid(v).sum())(x).toArray();
  const near = (found: number[], expected: number[], digits: number): void =>
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, digits);
    });
  near(sigmoid(z).toArray(), [0.98201379, 0.99330715, 0.99752738], 8);
  near(derivative(z), [0.017662706213291107, 0.006648056670790033, 0.002466509291359931], 15);
  // Where the lecture's own demonstration takes it, by mistake.
  near(derivative(sigmoid(z)), [0.19824029, 0.19721923, 0.19683648], 8);
});
