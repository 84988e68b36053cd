import { Adagrad } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('Adagrad', {
  make: (p, options) => new Adagrad(p, options),
  variants: {
    plain: { lr: 0.1, lrDecay: 0.1, weightDecay: 0.1, initialAccumulatorValue: 0.1 },
    'with momentum': { lr: 0.1, momentum: 0.9, maximize: true },
  },
  golden: { adagrad: { lr: 0.1, lrDecay: 0.1, weightDecay: 0.01, initialAccumulatorValue: 0.1 } },
  formulas: [
    {
      options: { lr: 0.1, momentum: 0.9, eps: 1e-8 },
      formula: () => {
        let [s, v] = [0, 0];
        return (x, g) => {
          s += g * g;
          v = 0.9 * v + (0.1 * g) / (Math.sqrt(s) + 1e-8);
          return x - v;
        };
      },
    },
  ],
  quadratic: { options: { lr: 1 }, steps: 200 },
  rosenbrock: { options: { lr: 0.5 }, steps: 3000, below: 1e-2 },
  errors: [
    { options: { lrDecay: -1 }, says: 'ValueError Adagrad: lrDecay must be a finite number ≥ 0; got -1' },
    {
      options: { initialAccumulatorValue: -1 },
      says: 'ValueError Adagrad: initialAccumulatorValue must be a finite number ≥ 0; got -1',
    },
  ],
});
