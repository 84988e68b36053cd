import { fft } from 'adjoint';
import { expect, it } from 'vitest';
import { statesErrors } from '../../harness.js';

it('fftfreq and rfftfreq are NumPy’s', () => {
  const inFloat64 = { dtype: 'float64' } as const;
  expect([...fft.fftfreq(4).data()]).toEqual([0, 0.25, -0.5, -0.25]);
  expect([...fft.fftfreq(5, { d: 0.1, ...inFloat64 }).data()]).toEqual([0, 2, 4, -4, -2]);
  expect([...fft.rfftfreq(4).data()]).toEqual([0, 0.25, 0.5]);
  expect([...fft.rfftfreq(5, { d: 0.2, ...inFloat64 }).data()]).toEqual([0, 1, 2]);
  expect(fft.fftfreq(4).dtype).toBe('float32');
});

statesErrors('fftfreq', [
  { call: () => fft.fftfreq(0), says: 'fftfreq: n must be a whole number ≥ 1; got 0' },
  { call: () => fft.rfftfreq(2, { d: 0 }), says: 'rfftfreq: d must not be 0; got 0; pass the distance of samples' },
]);
