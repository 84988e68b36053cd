import { NAdam } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('NAdam', {
  make: (p, options) => new NAdam(p, options),
  variants: {
    plain: { lr: 0.01, weightDecay: 0.1 },
    'with decoupled decay': { lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true, maximize: true },
  },
  formulas: [
    {
      options: { lr: 0.1, betas: [0.8, 0.9], weightDecay: 0.5, momentumDecay: 0.1 },
      formula: () => {
        const momentum = (t: number): number => 0.8 * (1 - 0.5 * 0.96 ** (0.1 * t));
        let [m, v, product] = [0, 0, 1];
        return (x, g, t) => {
          const d = g + 0.5 * x;
          m = 0.8 * m + 0.2 * d;
          v = 0.9 * v + 0.1 * d * d;
          product *= momentum(t);
          const now = ((1 - momentum(t)) * d) / (1 - product);
          const ahead = (momentum(t + 1) * m) / (1 - product * momentum(t + 1));
          return x - (0.1 * (now + ahead)) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-8);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.1 }, steps: 300 },
  rosenbrock: { options: { lr: 0.02 }, steps: 3000, below: 1e-2 },
  errors: [
    { options: { momentumDecay: -1 }, says: 'ValueError NAdam: momentumDecay must be a finite number ≥ 0; got -1' },
  ],
});
