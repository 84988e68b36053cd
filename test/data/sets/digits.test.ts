import { expect, it } from 'vitest';
import { ValueError } from '../../../lib/core/errors.js';
import { generateDigits } from '../../../lib/data/index.js';

const drawn = (count: number, seed: number) => {
  const { images, labels } = generateDigits(count, { seed });
  expect(images.shape).toEqual([count, 28, 28]);
  return { images: images.data(), labels: labels.data() };
};
const digits = drawn(2000, 1);

it('draws the same digits for a seed, whatever the count, and others for another', () => {
  const fewer = drawn(10, 1);
  expect(fewer.labels).toEqual(digits.labels.slice(0, 10));
  expect(fewer.images).toEqual(digits.images.slice(0, 10 * 784));
  expect(drawn(10, 2).images).not.toEqual(fewer.images);
});

it('draws each digit about as often', () => {
  expect(digits.images.length).toBe(2000 * 784);
  const counts = new Int32Array(10);
  for (const label of digits.labels) counts[label]++;
  // 200 expected, deviation √(2000 · 0.1 · 0.9) = 13.4: within 4 of them.
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(54);
});

it('keeps the ink inside, in a believable amount, centred', () => {
  for (let i = 0; i < 2000; i++) {
    let inked = 0;
    let mass = 0;
    let row = 0;
    for (let at = 0; at < 784; at++) {
      const value = digits.images[i * 784 + at];
      const onEdge = at < 28 || at >= 756 || at % 28 === 0 || at % 28 === 27;
      if (onEdge && value > 0) expect({ i, at, value }).toEqual('no ink on the edge');
      if (value > 0) inked++;
      mass += value;
      row += value * (Math.floor(at / 28) + 0.5);
    }
    expect(inked).toBeGreaterThan(25);
    expect(inked).toBeLessThan(392);
    expect(Math.abs(row / mass - 14)).toBeLessThan(4);
  }
});

it('refuses counts and seeds that are no whole numbers', () => {
  expect(() => generateDigits(-1, { seed: 0 })).toThrow(
    new ValueError('generateDigits: count must be a whole number ≥ 0; got -1'),
  );
  expect(() => generateDigits(1, { seed: 0.5 })).toThrow(
    new ValueError('generateDigits: seed must be a whole number ≥ 0; got 0.5'),
  );
});
