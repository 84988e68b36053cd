import { blackmanWindow, hammingWindow, hannWindow } from 'adjoint';
import { expect, it } from 'vitest';
import { expectClose, statesErrors } from '../../harness.js';

const inFloat64 = { dtype: 'float64' } as const;

it('windows are torch’s: periodic by default, symmetric when asked', () => {
  expectClose(hannWindow(4, inFloat64), { shape: [4], data: [0, 0.5, 1, 0.5] });
  expectClose(hannWindow(5, { periodic: false, ...inFloat64 }), { shape: [5], data: [0, 0.5, 1, 0.5, 0] });
  expectClose(hammingWindow(4, inFloat64), { shape: [4], data: [0.08, 0.54, 1, 0.54] });
  expectClose(hammingWindow(2, { alpha: 0.5, beta: 0.5, ...inFloat64 }), { shape: [2], data: [0, 1] });
  expectClose(blackmanWindow(4, inFloat64), { shape: [4], data: [0, 0.34, 1, 0.34] });
  expect(hannWindow(1).toArray()).toEqual([1]);
  expect(hannWindow(0).shape).toEqual([0]);
  expect(hannWindow(3).dtype).toBe('float32');
});

statesErrors('hannWindow', [
  { call: () => hannWindow(-1), says: 'hannWindow: n must be a whole number ≥ 0; got -1' },
  { call: () => hammingWindow(2, { alpha: NaN }), says: 'hammingWindow: alpha must be a finite number; got NaN' },
]);
