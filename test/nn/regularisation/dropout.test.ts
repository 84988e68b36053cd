import { alphaDropout, dropout, Generator, nn, ones, spatialDropout, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('Dropout', {
  make: ({ generator }) => new nn.Dropout(0.4, { generator }),
  inputs: [[3, 5], [1], [0, 4]],
  equals: ({ training }, x) => dropout(x, 0.4, { training, generator: new Generator(3) }),
  text: "Dropout(p=0.4, convention='inverted')",
  errors: [{ call: () => new nn.Dropout(-0.1), says: 'Dropout: p must be within 0 … 1; got -0.1' }],
});

it('Dropout acts in training only', () => {
  const layer = new nn.Dropout(0.5, { generator: new Generator(3) });
  const x = ones([64]);
  expect(layer.forward(x).data()).toContain(0);
  expect(layer.eval().forward(x)).toBe(x);
});

moduleSpec('Dropout by the plain convention', {
  make: ({ generator }) => new nn.Dropout(0.4, { generator, convention: 'plain' }),
  inputs: [[3, 5], [1], [0, 4]],
  equals: ({ training }, x) => dropout(x, 0.4, { training, generator: new Generator(3), convention: 'plain' }),
  text: "Dropout(p=0.4, convention='plain')",
});

const channels = (axes: number): number[][] =>
  [
    [3, 4],
    [1, 2],
    [0, 3],
  ].map((shape) => [...shape, ...new Array<number>(axes).fill(2)]);
const spatial =
  (axes: number) =>
  ({ training }: nn.Module, x: Tensor): Tensor =>
    spatialDropout(x, axes, 0.4, { training, generator: new Generator(3) });

moduleSpec('Dropout1d', {
  make: (options) => new nn.Dropout1d(0.4, options),
  inputs: channels(1),
  equals: spatial(1),
  text: 'Dropout1d(p=0.4)',
  errors: [{ call: () => new nn.Dropout1d(2), says: 'Dropout1d: p must be within 0 … 1; got 2' }],
});

moduleSpec('Dropout2d', {
  make: (options) => new nn.Dropout2d(0.4, options),
  inputs: channels(2),
  equals: spatial(2),
  text: 'Dropout2d(p=0.4)',
});

moduleSpec('Dropout3d', {
  make: (options) => new nn.Dropout3d(0.4, options),
  inputs: channels(3),
  equals: spatial(3),
  text: 'Dropout3d(p=0.4)',
});

moduleSpec('AlphaDropout', {
  make: (options) => new nn.AlphaDropout(0.4, options),
  inputs: [[3, 5], [1], [0, 4]],
  equals: ({ training }, x) => alphaDropout(x, 0.4, { training, generator: new Generator(3) }),
  text: 'AlphaDropout(p=0.4)',
});
