import { type LeakReport, leakReport, StateError, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../programs.js';

describe.each(['native', 'reference'])('leakReport on the %s backend', (backend) => {
  const output = runProgram('test/programs/leaks.ts', { env: { ADJOINT_BACKEND: backend } });
  const reports: Record<string, LeakReport & { text: string }> = JSON.parse(output);
  const rows = (name: string) => reports[name].leaks.map(({ count, bytes, op, role }) => ({ count, bytes, op, role }));

  it('finds nothing where nothing is held', () => {
    expect(reports['nothing']).toEqual({ leaks: [], count: 0, bytes: 0, text: 'no tensor is held' });
  });

  it("names parameters' gradients and an optimiser's state", () => {
    const weights = 4 * (16 * 32 + 32 * 4);
    const biases = 4 * (32 + 4);
    const leaks = rows('the first step');
    expect(leaks.slice(0, 2)).toEqual([
      { count: 4, bytes: weights + biases, op: 'Adam.step', role: 'Adam.#slots.tensors.expAvg' },
      { count: 4, bytes: weights + biases, op: 'Adam.step', role: 'Adam.#slots.tensors.expAvgSq' },
    ]);
    // Small gradients are copies that backward makes, large ones what the op's rule gave.
    const held = (role: string): number =>
      leaks.filter((leak) => leak.role === role).reduce((sum, { bytes }) => sum + bytes, 0);
    expect([held('gradient of Linear.weight'), held('gradient of Linear.bias')]).toEqual([weights, biases]);
    for (const { op } of leaks.slice(2)) expect(op).toMatch(/^backward( \(linear\))?$/);
  });

  it('names the ops whose backward holds memory, and the line that made it', () => {
    const { leaks, count, bytes } = reports['losses with their graphs'];
    expect(leaks[0]).toMatchObject({
      count: 5,
      bytes: 5 * 4 * 64 * 32,
      op: 'Sequential.forward (tanh)',
      role: 'saved by the backward of linear',
    });
    expect(leaks[0].line).toMatch(/test\/programs\/leaks\.ts:\d+:\d+$/);
    expect(leaks[0].path).toMatch(/variable losses: Array → \d: Tensor → node: Node → .* → saved: Array → 0: Tensor/);
    expect(leaks.map(({ role }) => role)).toContain('variable losses');
    expect(count).toBe(leaks.reduce((sum, leak) => sum + leak.count, 0));
    expect(bytes).toBe(leaks.reduce((sum, leak) => sum + leak.bytes, 0));
  });

  it.each([
    ['a map', 4000, 'variable cache', 'variable cache: Map → Tensor → storage: Storage'],
    [
      'a closure',
      8000,
      'variable big',
      'variable listeners: Array → 0: function → variable big: Tensor → storage: Storage',
    ],
    ['a property', 12000, 'variable state.last', 'variable state: Object → last: Tensor → storage: Storage'],
    ['the global object', 16000, 'globalThis.forgotten', 'forgotten: Tensor → storage: Storage'],
  ])('names %s', (name, bytes, role, path) => {
    expect(reports[name].leaks).toEqual([
      expect.objectContaining({ count: 1, bytes, role, path: expect.stringContaining(path) }),
    ]);
  });

  it('names a retained graph', () => {
    expect(rows('a retained graph')).toEqual(
      expect.arrayContaining([
        { count: 1, bytes: 20000, op: 'rand', role: 'saved by the backward of sin' },
        { count: 1, bytes: 4, op: 'sum', role: 'variable state.loss' },
      ]),
    );
  });

  it("names a captured step's memory", () => {
    const roles = reports['a captured step'].leaks.map(({ role }) => role);
    expect(roles).toContain('memory of a captured step');
    expect(roles.filter((role) => role.startsWith('saved by'))).toEqual([]);
  });

  it('prints a table', () => {
    expect(reports['a map'].text).toMatch(
      /^1 tensor \(4 kB\) is held\ntensors {2}bytes {2}made by {2}at +held as\n1 +4 kB +rand +\S+leaks\.ts:\d+:\d+ +variable cache\n {4}.*variable cache: Map/,
    );
    expect(reports['losses with their graphs'].text).toMatch(/^\d+ tensors \([\d.]+ kB\) are held\n/);
  });

  it('shows that a backward that does not read its operand does not hold it either', () => {
    const { leaks } = reports['what linear ops leave'];
    expect(leaks.filter(({ role }) => role.startsWith('kept by')).map(({ role, path }) => [role, path])).toEqual([]);
  });
});

describe('leakReport', () => {
  it('makes one report at a time, and another after a body that fails', async () => {
    const first = leakReport(() => zeros([10]));
    await expect(leakReport(() => {})).rejects.toThrow(
      new StateError('leakReport: one report at a time; another one is being made; await it first'),
    );
    expect((await first).count).toBe(0);
    await expect(leakReport(() => zeros([-1]))).rejects.toThrow('zeros: a dimension must be');
    expect(String(await leakReport(() => {}))).toBe('no tensor is held');
  });
});
