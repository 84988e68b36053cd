import { expect, it } from 'vitest';
import { loadAddon } from '../../lib/backend/native.js';

const addon = loadAddon();
const fill = addon.kernels.indexOf('fill');

/** A program of so many calls that fill four float32 in its one slot, which is bound for every run. */
const fills = (count: number) => {
  const call = (value: number) => [fill, 1, 1, -1, 0, 1, 4, 0, 4, 1, value];
  const calls = Array.from({ length: count }, (_, i) => call(i + 1)).flat();
  return addon.compile(Float64Array.from([count, 1, 1, ...calls]), new Float64Array(0));
};

const monotonic = (): number => Number(process.hrtime.bigint());

it('a replay says when each call began and ended, on the clock of process.hrtime', async () => {
  const program = fills(3);
  const values = new Float32Array(4);
  const runs = [
    (times: Float64Array) => addon.replay(program, values, times),
    (times: Float64Array) => addon.replayAsync(program, values, times),
  ];
  for (const run of runs) {
    const times = new Float64Array(7);
    const before = monotonic();
    await run(times);
    const after = monotonic();
    const marks = [before, ...times.slice(0, 6), after];
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
    expect(times[6]).toBe(0);
    expect([...values]).toEqual([3, 3, 3, 3]);
  }
});

it('without an array for times there are none, and a wrong one is refused', () => {
  const program = fills(2);
  const values = new Float32Array(4);
  expect(addon.replay(program, values)).toBe(-1);
  const refused = 'replay: times must have two float64 for every call';
  expect(() => addon.replay(program, values, new Float64Array(3))).toThrow(refused);
  expect(() => addon.replay(program, values, new Float32Array(4))).toThrow(refused);
  expect(() => addon.replay(program, values, undefined as unknown as Float64Array)).toThrow(refused);
  expect(() => addon.replay(program, values, new Float64Array(4), values)).toThrow(
    'replay: the program takes another number of storages',
  );
  expect(addon.replay(fills(0), values, new Float64Array(0))).toBe(-1);
});
