import { SGD } from 'adjoint/optim';
import { optimizerSpec } from '../../optimizer_spec.js';

optimizerSpec('SGD', {
  make: (p, options) => new SGD(p, options),
  variants: {
    plain: { lr: 0.1, weightDecay: 0.01 },
    'with momentum': { lr: 0.1, momentum: 0.9, dampening: 0.1 },
    'with Nesterov': { lr: 0.1, momentum: 0.9, nesterov: true, maximize: true },
    'with the rate in the velocity': { lr: 0.1, momentum: 0.9, dampening: 0.1, rateInVelocity: true },
  },
  golden: {
    sgd: { lr: 0.1 },
    sgd_momentum: { lr: 0.1, momentum: 0.9 },
    sgd_nesterov: { lr: 0.1, momentum: 0.9, nesterov: true },
    sgd_damp_wd: { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 },
    sgd_maximize: { lr: 0.1, maximize: true },
  },
  formulas: [
    {
      options: { lr: 0.1, momentum: 0.9, rateInVelocity: true },
      formula: () => {
        let v = 0;
        return (x, g) => {
          v = 0.9 * v + 0.1 * g;
          return x - v;
        };
      },
    },
    {
      options: { lr: 0.1, momentum: 0.9, rateInVelocity: true, nesterov: true },
      formula: () => {
        let v = 0;
        return (x, g) => {
          v = 0.9 * v + 0.1 * g;
          return x - (0.1 * g + 0.9 * v);
        };
      },
    },
  ],
  quadratic: { options: { lr: 0.1, momentum: 0.5 }, steps: 60 },
  rosenbrock: { options: { lr: 1e-3, momentum: 0.9 }, steps: 1000, below: 1e-2 },
  errors: [
    { options: { lr: -0.1 }, says: 'ValueError SGD: lr must be a finite number ≥ 0; got -0.1' },
    { options: { momentum: -1 }, says: 'ValueError SGD: momentum must be a finite number ≥ 0; got -1' },
    {
      options: { nesterov: true },
      says: 'ValueError SGD: nesterov needs momentum > 0 and dampening 0; got momentum 0 and dampening 0',
    },
    { options: { rateInVelocity: 1 }, says: 'ValueError SGD: rateInVelocity must be true or false; got 1' },
    {
      options: { weight_decay: 0.1 },
      says: 'ValueError SGD: options are lr, momentum, dampening, weightDecay, nesterov, rateInVelocity, maximize; got weight_decay; check the spelling',
    },
  ],
});
