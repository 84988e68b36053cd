import { nn, pixelShuffle, pixelUnshuffle } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('PixelShuffle', {
  make: () => new nn.PixelShuffle(2),
  inputs: [
    [2, 4, 1, 2],
    [1, 8, 2, 1],
    [0, 4, 2, 2],
  ],
  equals: (_, x) => pixelShuffle(x, 2),
  text: 'PixelShuffle(factor=2)',
  errors: [{ call: () => new nn.PixelShuffle(0), says: 'PixelShuffle: factor must be a whole number ≥ 1; got 0' }],
});

moduleSpec('PixelUnshuffle', {
  make: () => new nn.PixelUnshuffle(2),
  inputs: [
    [2, 1, 2, 4],
    [1, 2, 4, 2],
    [0, 1, 2, 2],
  ],
  equals: (_, x) => pixelUnshuffle(x, 2),
  text: 'PixelUnshuffle(factor=2)',
  errors: [{ call: () => new nn.PixelUnshuffle(0), says: 'PixelUnshuffle: factor must be a whole number ≥ 1; got 0' }],
});
