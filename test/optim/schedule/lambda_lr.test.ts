import { LambdaLR } from 'adjoint/optim';
import { scheduleSpec } from '../../schedule_spec.js';

scheduleSpec('LambdaLR', {
  make: (optimizer, options) => new LambdaLR(optimizer, options),
  options: { lrLambda: (t: number) => 1 / (1 + t) },
  golden: { lambda_: { lrLambda: (t: number) => 0.95 ** t } },
  errors: [
    { options: { lrLambda: 0.5 }, says: 'ValueError LambdaLR: lrLambda must be a function of the step; got number' },
  ],
});
