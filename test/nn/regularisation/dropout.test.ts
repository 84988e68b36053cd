import { dropout, Generator, nn, ones } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Dropout', {
  make: ({ generator }) => new nn.Dropout(0.4, { generator }),
  inputs: [[3, 5], [1], [0, 4]],
  equals: ({ training }, x) => dropout(x, 0.4, { training, generator: new Generator(3) }),
  text: 'Dropout(p=0.4)',
  errors: [{ call: () => new nn.Dropout(-0.1), says: 'Dropout: p must be within 0 … 1; got -0.1' }],
});

it('Dropout acts in training only', () => {
  const layer = new nn.Dropout(0.5, { generator: new Generator(3) });
  const x = ones([64]);
  expect(layer.forward(x).data()).toContain(0);
  expect(layer.eval().forward(x)).toBe(x);
});
