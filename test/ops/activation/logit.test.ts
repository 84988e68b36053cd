import { logit, sigmoid, tensor } from 'adjoint';
import { describe, it } from 'vitest';
import { elementwise, engines, expectClose, spec, unarySamples } from '../../harness.js';

spec('logit', logit, {
  reference: elementwise((x: number) => Math.log(x / (1 - x))),
  samples: unarySamples([0.1, 0.9]),
  slack: 4,
});

describe.each(engines)('logit on $name', ({ use }) => {
  it('lecture notes 001, line 445: is undone by the sigmoid, and undoes it', () => {
    use();
    const p = tensor([0.001, 0.25, 0.5, 0.9], { dtype: 'float64' });
    expectClose(sigmoid(logit(p)), { shape: [4], data: [...p.data()] });
    const x = tensor([-7, -0.3, 0, 5], { dtype: 'float64' });
    expectClose(logit(sigmoid(x)), { shape: [4], data: [...x.data()] }, { slack: 16 });
  });
});
