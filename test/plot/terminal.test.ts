import { expect, it } from 'vitest';
import { ShapeError } from '../../lib/core/errors.js';
import { drawImage, drawImages } from '../../lib/plot/index.js';

it('draws with characters, two rows a line', () => {
  expect(drawImage([255, 0, 0, 255, 255, 0, 128, 128, 0], 3, 3)).toBe('@+\n::\n');
});

it('draws with half blocks of grey', () => {
  expect(drawImage([255, 0, 128, NaN], 2, 2, { colour: true })).toBe(
    '\x1b[38;5;255;48;5;244m▀\x1b[38;5;16;48;5;16m▀\x1b[0m\n',
  );
});

it('draws side by side under captions', () => {
  const white = { pixels: [255, 255, 255, 255], caption: '7' };
  const black = { pixels: [0, 0, 0, 0] };
  expect(drawImages([white, black, { ...white, caption: 'long' }], 2, 2)).toBe('7           long\n@@          @@\n');
});

it('goes below where the terminal ends', () => {
  const picture = { pixels: [255, 255], caption: '7' };
  expect(drawImages([picture, picture, picture], 2, 1, { columns: 6 })).toBe('7   7\n++  ++\n\n7\n++\n');
  expect(drawImages([picture, picture], 2, 1, { columns: 1 })).toBe('7\n++\n\n7\n++\n');
});

it('leaves out a margin that is black in all pictures', () => {
  const upper = { pixels: [0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0] };
  const lower = { pixels: [0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0] };
  expect(drawImages([upper, lower], 3, 4, { trim: true })).toBe('+  +\n');
  expect(drawImages([{ ...upper, caption: 'a' }, lower], 3, 4, { trim: true, columns: 1 })).toBe('a\n+\n\n\n+\n');
  expect(drawImages([{ pixels: [0, 0, 0, 0] }], 2, 2, { trim: true })).toBe('\n');
});

it('refuses a picture of another size', () => {
  expect(() => drawImage([1, 2, 3], 2, 2)).toThrow(new ShapeError('drawImages: 2 × 2 pictures have 4 pixels; got 3'));
});
