import { softsign, tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { elementwise, spec, unarySamples } from '../../harness.js';

spec('softsign', softsign, { reference: elementwise((x: number) => x / (1 + Math.abs(x))), samples: unarySamples() });

it('lecture notes 004, line 5504: softsign at 2 and 0.5, and its derivative 1 / (1 + |x|)²', () => {
  const x = tensor([2, 0.5]).requireGrad();
  const y = softsign(x);
  y.sum().backward();
  const [values, slopes] = [y, x.grad].map((found) => [...(found?.data() ?? [])].map((value) => value.toFixed(4)));
  expect([values, slopes]).toEqual([
    ['0.6667', '0.3333'],
    ['0.1111', '0.4444'],
  ]);
});
