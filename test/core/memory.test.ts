import {
  arange,
  MemoryError,
  memoryUsage,
  nn,
  oneHot,
  ones,
  setBackend,
  setMemoryLimit,
  tensor,
  ValueError,
  zeros,
} from 'adjoint';
import { afterEach, describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { message } from '../message.js';
import { runProgram } from '../programs.js';

const megabytes = 250_000; // float32 elements of one

const { limit } = memoryUsage();
afterEach(() => setMemoryLimit(limit));

/** Leaves room for `bytes` beside what is in use now. */
const allow = (bytes: number): void => setMemoryLimit(memoryUsage({ collect: true }).arrayBuffers + bytes);

it.each(engines)('on $name, memory stays where it is while the collector moves what lies around it', ({ use }) => {
  use();
  const tensors = Array.from({ length: 3000 }, (_, i) => tensor(Float32Array.of(i, i, i)));
  const write = (shift: number): void => {
    for (const [i, x] of tensors.entries()) x.assign(tensor(i + shift).expand([3]));
  };
  write(1);
  for (let round = 0; round < 3; round++) memoryUsage({ collect: true });
  write(2);
  expect(tensors.every(({ storage: { data } }, i) => data.every((value) => value === i + 2))).toBe(true);
});

describe.each(engines)('the memory limit on $name', ({ use }) => {
  it('is an error that names op, dtype, shape, sizes, line and remedy, and harms nothing', () => {
    use();
    const x = ones([30 * megabytes]);
    allow(40e6);
    expect(message(() => x.sin().add(1))).toMatch(
      /^MemoryError add: memory must stay within the limit of [\d.]+ MB; got a float32 result of shape \[7500000\] \(30 MB\) beside [\d.]+ MB in use, at \S+memory\.test\.ts:\d+:\d+; use a smaller batch, or raise the limit \(setMemoryLimit\)$/,
    );
    allow(40e6);
    expect(x.sin().data()[0]).toBeCloseTo(Math.sin(1), 6);
  });

  it('names the op within a layer, and backward', () => {
    use();
    const layer = new nn.Linear(1, 10_000);
    const x = ones([1000, 1]).requireGrad();
    allow(1e6);
    expect(() => layer.forward(x)).toThrow(/^Linear\.forward \(linear\): memory must stay /);
    allow(100e6);
    const y = layer.forward(x).square().sum();
    allow(1e6);
    expect(() => y.backward()).toThrow(/^backward .*: memory must stay /);
  });

  it('does not count what nobody refers to, also in a loop that never yields', () => {
    use();
    allow(100e6);
    for (let i = 0; i < 100; i++) zeros([10 * megabytes]);
    for (let i = 0; i < 200_000; i++) zeros([200]); // from slabs
    expect(memoryUsage().arrayBuffers).toBeLessThan(memoryUsage().limit as number);
  });

  it('counts small tensors that are kept', () => {
    use();
    allow(4e6);
    const kept: unknown[] = [];
    expect(() => {
      for (;;) kept.push(zeros([100]));
    }).toThrow(MemoryError);
    // 400 bytes take seven cache lines of a slab.
    expect(kept.length).toBeGreaterThan(7000);
    expect(kept.length).toBeLessThan(9500);
    expect(() => {
      for (;;) kept.push(tensor(new Float32Array(100)));
    }).toThrow(MemoryError);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['zeros', () => zeros([2 ** 40]), /^zeros: .* float32 result of shape \[1099511627776\] \(4400 GB\)/],
    ['arange', () => arange(2 ** 45), /^arange: .* float64 result of shape \[35184372088832\] \(281000 GB\)/],
    ['oneHot', () => oneHot(tensor([1], { dtype: 'int32' }), 2 ** 45), /^oneHot: .* \(281000 GB\)/],
    [
      'an expanded tensor',
      () =>
        ones([1])
          .expand([2 ** 45])
          .add(1),
      /^add: .* float32 result of shape \[3/,
    ],
    ['a layer', () => new nn.Linear(2 ** 22, 2 ** 22), /^Linear.*: .* float32 result of shape \[4194304, 4194304\]/],
  ])('%s of more than the system has is an error without a limit too', (_, make, says) => {
    use();
    setMemoryLimit(null);
    expect(make).toThrow(MemoryError);
    expect(make).toThrow(says);
    expect(make).toThrow(
      /^\S+( \(\w+\))?: the system must have memory for a result; got a .* in use, at \S+; use a smaller batch$/,
    );
    expect(ones([2]).add(1).toArray()).toEqual([2, 2]);
  });
});

describe('setMemoryLimit', () => {
  it.each([0, -1, Number.NaN, '2GB' as unknown as number])('refuses %s', (bytes) => {
    expect(() => setMemoryLimit(bytes)).toThrow(
      new ValueError(`setMemoryLimit: bytes must be a number > 0, or null for no limit; got ${bytes}`),
    );
  });

  it('has a default below what the machine has', () => {
    expect(limit).toBeGreaterThan(100e6);
    expect(limit).toBeLessThan(memoryUsage().resident + 1e15);
    setMemoryLimit(null);
    expect(memoryUsage().limit).toBeNull();
  });
});

describe('ADJOINT_MEMORY_LIMIT', () => {
  const run = (value: string): string[] =>
    runProgram('test/programs/limited.ts', { env: { ADJOINT_MEMORY_LIMIT: value } })
      .trim()
      .split('\n');

  it.each([
    ['100MB', '100000000'],
    ['64 MiB', '67108864'],
    ['0.05gb', '50000000'],
    ['90000000', '90000000'],
  ])('%s', (value, bytes) => {
    const [limit, error, after] = run(value);
    expect(limit).toBe(bytes);
    expect(error).toMatch(/^zeros: memory must stay within the limit of .*limited\.ts:\d+:\d+; use a smaller batch, /);
    expect(after).toBe('[ 1, 1 ]');
  });

  it('must be a size', () => {
    expect(() => run('2 elephants')).toThrow(
      "ADJOINT_MEMORY_LIMIT: must be a size such as 2GB, 512MiB or 1500000000, or none; got '2 elephants'",
    );
  });
});

describe('memoryUsage', () => {
  it.each(engines)('counts tensors while they are in use on $name', ({ use }) => {
    use();
    const before = memoryUsage({ collect: true }).arrayBuffers;
    let x: unknown = zeros([20 * megabytes]);
    expect(memoryUsage({ collect: true }).arrayBuffers - before).toBe(20e6 + 4096);
    expect(memoryUsage().resident).toBeGreaterThan(40e6);
    x = undefined;
    expect(x).toBeUndefined();
    expect(Math.abs(memoryUsage({ collect: true }).arrayBuffers - before)).toBeLessThan(1e5);
  });

  it('counts what kernels keep', () => {
    setBackend('native');
    ones([512, 512]).matmul(ones([512, 512]));
    // Packed panels of the factors: rows a power of two apart are not read where they lie.
    expect(memoryUsage().workingSpace).toBeGreaterThan(5e4);
  });
});
