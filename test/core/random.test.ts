import { expect, it } from 'vitest';
import { defaultGenerator, Generator, philox, replayable, seed } from '../../lib/core/random.js';

it('philox gives the known answer of its authors for counter and key 0', () => {
  // Random123's kat_vectors: philox4x32, 10 rounds.
  expect([...philox(0, 0)]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
});

it('philox depends on the upper bits of seed and counter', () => {
  expect(new Set([philox(1, 1).join(), philox(1 + 2 ** 33, 1).join(), philox(1, 1 + 2 ** 33).join()]).size).toBe(3);
});

it('Generator.next is in [0, 1) and moves on', () => {
  const generator = new Generator(1);
  const values = Array.from({ length: 100 }, () => generator.next());
  expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
  expect(new Set(values).size).toBe(100);
  expect(generator.stateDict()).toEqual({ seed: 1, counter: 100 });
});

it('replayable draws the same numbers again and puts the generators back', () => {
  const own = new Generator(5);
  own.next();
  seed(3);
  const draw = (): number[] => [defaultGenerator().next(), own.next(), own.next()];
  const [first, replay] = replayable(draw);
  const next = draw();
  seed(4);
  expect(replay(draw)).toEqual(first);
  expect([defaultGenerator().stateDict(), own.stateDict()]).toEqual([
    { seed: 4, counter: 0 },
    { seed: 5, counter: 5 },
  ]);
  expect(next).not.toEqual(first);
});

it('replayable tells the one around it, also after an error', () => {
  const own = new Generator(5);
  const [inner, replay] = replayable(() => {
    const [value] = replayable(() => own.next());
    expect(() =>
      replayable(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    return value;
  });
  own.next();
  expect(replay(() => own.next())).toBe(inner);
  expect(own.stateDict().counter).toBe(2);
});
