import { expect, it } from 'vitest';
import { loadAddon } from '../../lib/backend/native.js';

const addon = loadAddon();
const fill = addon.kernels.indexOf('fill');

/** A program of so many calls that fill the four float32 of `values`. */
const fills = (count: number, values: Float32Array) => {
  const call = (value: number) => [fill, 1, 1, -1, 0, 1, 4, 0, 4, 1, value];
  const calls = Array.from({ length: count }, (_, i) => call(i + 1)).flat();
  const memory = Float64Array.of(addon.addressOf(values), values.byteLength);
  const program = addon.compile(Float64Array.from([count, 1, ...calls]), memory);
  return { program, memory };
};

const monotonic = (): number => Number(process.hrtime.bigint());

it('a replay says when each call began and ended, on the clock of process.hrtime', async () => {
  const values = new Float32Array(4);
  const { program } = fills(3, values);
  const runs = [
    (times: Float64Array) => addon.replay(program, times),
    (times: Float64Array) => addon.replayAsync(program, times),
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
  const values = new Float32Array(4);
  const { program } = fills(2, values);
  expect(addon.replay(program)).toBe(-1);
  expect([...values]).toEqual([2, 2, 2, 2]);
  const refused = 'replay: times must have two float64 for every call';
  expect(() => addon.replay(program, new Float64Array(3))).toThrow(refused);
  expect(() => addon.replay(program, new Float32Array(4) as unknown as Float64Array)).toThrow(refused);
  expect(addon.replay(fills(0, values).program, new Float64Array(0))).toBe(-1);
});

it('a replay refuses memory that is smaller than its views, and what is no program', () => {
  const { program, memory } = fills(2, new Float32Array(4));
  memory[1] = 15;
  expect(() => addon.replay(program)).toThrow('replay: a storage is smaller than its views');
  expect(() => addon.replay({} as typeof program)).toThrow('replay: no program');
});
