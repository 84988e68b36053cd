import { describe, expect, it } from 'vitest';
import { factsOf, kernel, numberOf, readsResults, resultCount, withNumber } from '../../lib/backend/index.js';

kernel('first', {
  writes: ({ length }, [more]) => length - 1 + more,
  updates: true,
  flops: 0,
  numbers: ['a', 'b', 'c'],
});
kernel('second', { flops: 3 });

const call = { kernel: 'first', views: [0, 0, 0], numbers: [1, 2] };

describe('what is said of a kernel', () => {
  it('is how many views it writes: one unless more are said, or as the call is', () => {
    expect(resultCount(call)).toBe(3);
    expect(resultCount({ ...call, kernel: 'second' })).toBe(1);
    expect([readsResults('first'), readsResults('second')]).toEqual([true, false]);
  });

  it('names numbers, which count 0 where a call leaves them out', () => {
    expect(['a', 'b', 'c', 'd'].map((name) => numberOf(call, name))).toEqual([1, 2, 0, undefined]);
    expect(numberOf({ ...call, kernel: 'second' }, 'a')).toBeUndefined();
    expect(withNumber(call, 'a', 7)).toEqual([7, 2]);
    expect(withNumber({ ...call, numbers: [] }, 'c', 7)).toEqual([0, 0, 7]);
  });

  it('must be said before anything asks, and once', () => {
    expect(() => factsOf('third')).toThrow(
      "kernel: nobody says what 'third' writes and costs; add kernel('third', …) beside its op",
    );
    expect(() => resultCount({ ...call, kernel: 'third' })).toThrow("nobody says what 'third' writes");
    expect(() => kernel('second', { flops: 1 })).toThrow(
      "kernel: 'second' has two descriptions; each kernel belongs to one op",
    );
  });
});
