import { hannWindow, type SpectrogramOptions, spectrogram, stft, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, type Plain, spec } from '../../harness.js';

/** One frame by the definition, without the ends: |Σ w x e^(…)|² for each frequency and frame. */
function power([{ data }]: Plain[], { nFft, scale = 'power' }: { nFft: number; scale?: string }): Plain {
  const hop = nFft / 2;
  const count = 1 + Math.floor((data.length - nFft) / hop);
  const out: number[] = [];
  for (let k = 0; k <= nFft / 2; k++) {
    for (let t = 0; t < count; t++) {
      let [re, im] = [0, 0];
      for (let j = 0; j < nFft; j++) {
        const value = data[t * hop + j] * Math.sin((Math.PI * j) / nFft) ** 2;
        re += value * Math.cos((2 * Math.PI * j * k) / nFft);
        im -= value * Math.sin((2 * Math.PI * j * k) / nFft);
      }
      out.push(scale === 'power' ? re * re + im * im : Math.hypot(re, im));
    }
  }
  return { shape: [nFft / 2 + 1, count], data: out };
}

spec(
  'spectrogram',
  (x: Tensor, options: SpectrogramOptions) =>
    spectrogram(x, { ...options, center: false, window: hannWindow(8, { dtype: 'float64' }).to(x.dtype) }),
  {
    // One number of a line is in all of its transform.
    extremes: 'where both are finite',
    reference: power,
    samples: [
      { operands: [{ shape: [20] }], args: [{ nFft: 8 }] },
      { operands: [{ shape: [16], range: [0.5, 2] }], args: [{ nFft: 8, scale: 'magnitude' }], smooth: false },
    ],
    slack: 8,
    errors: [
      {
        call: () => spectrogram(zeros([9]), { nFft: 4, scale: 'db' as never }),
        says: "spectrogram: scale must be 'magnitude' or 'power'; got 'db'",
      },
    ],
  },
);

describe.each(engines)('spectrogram on $name', ({ use }) => {
  it('finds a tone', () => {
    use();
    const x = tensor(Float64Array.from({ length: 64 }, (_, i) => Math.cos((2 * Math.PI * 3 * i) / 16)));
    const found = spectrogram(x, { nFft: 16 });
    expect(found.shape).toEqual([9, 9]);
    expect([...found.argmax(0).data()].slice(1, -1)).toEqual(new Array(7).fill(3));
    const options = { nFft: 16, hopLength: 8, window: hannWindow(16) };
    expectClose(
      spectrogram(x, { nFft: 16, scale: 'magnitude' }),
      { shape: [9, 9], data: [...stft(x, options).abs().data()] },
      { slack: 1e7 },
    );
  });
});
