import { RAdam } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('RAdam', {
  make: (p, options) => new RAdam(p, options),
  variants: {
    plain: { lr: 0.01, weightDecay: 0.1 },
    'with decoupled decay': { lr: 0.01, weightDecay: 0.1, decoupledWeightDecay: true, maximize: true },
  },
  golden: { radam: { lr: 0.01, weightDecay: 0.01 } },
  formulas: [
    {
      // ρ∞ = 19: ρ passes 5 in the sixth step.
      options: { lr: 0.1, betas: [0.8, 0.9], eps: 1e-8, weightDecay: 0.5, decoupledWeightDecay: true },
      formula: () => {
        let [m, v] = [0, 0];
        return (x, g, t) => {
          m = 0.8 * m + 0.2 * g;
          v = 0.9 * v + 0.1 * g * g;
          const rest = 1 - 0.9 ** t;
          const rho = 19 - (2 * t * 0.9 ** t) / rest;
          const mean = m / (1 - 0.8 ** t);
          const kept = x * (1 - 0.1 * 0.5);
          if (rho <= 5) return kept - 0.1 * mean;
          const r = Math.sqrt(((rho - 4) * (rho - 2) * 19) / ((19 - 4) * (19 - 2) * rho));
          return kept - (0.1 * mean * r * Math.sqrt(rest)) / (Math.sqrt(v) + 1e-8);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.1 }, steps: 500 },
  rosenbrock: { options: { lr: 0.005 }, steps: 3000, below: 0.1 },
  errors: [
    {
      options: { decoupledWeightDecay: 'yes' },
      says: 'ValueError RAdam: decoupledWeightDecay must be true or false; got yes',
    },
  ],
});
