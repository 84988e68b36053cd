import {
  hannWindow,
  type ISTFTOptions,
  istft,
  ones,
  type STFTOptions,
  stft,
  type Tensor,
  tensor,
  viewAsComplex,
  viewAsReal,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { complexes } from '../../complex.js';
import { engines, expectClose, type Plain, randomSequence, spec } from '../../harness.js';

type Options = { nFft: number; hopLength?: number; center?: boolean; normalized?: boolean; onesided?: boolean };

/** Samples that a frame finds at `at` of a signal that is mirrored at its ends. */
const reflected = (x: readonly number[], at: number): number => {
  const last = x.length - 1;
  return x[last - Math.abs(last - Math.abs(at))];
};

/** Frames by the definition, of a signal of one axis; pairs [frequencies, frames, 2]. */
function frames([x, window]: Plain[], options: Options): Plain {
  const { nFft, hopLength = Math.floor(nFft / 4), center = true, normalized = false, onesided = true } = options;
  const half = center ? Math.floor(nFft / 2) : 0;
  const count = 1 + Math.floor((x.data.length + 2 * half - nFft) / hopLength);
  const frequencies = onesided ? Math.floor(nFft / 2) + 1 : nFft;
  const before = Math.floor((nFft - window.data.length) / 2);
  const data: number[] = [];
  for (let k = 0; k < frequencies; k++) {
    for (let t = 0; t < count; t++) {
      const sum = [0, 0];
      for (let j = 0; j < nFft; j++) {
        const value = reflected(x.data, t * hopLength + j - half) * (window.data[j - before] ?? 0);
        const angle = (-2 * Math.PI * ((j * k) % nFft)) / nFft;
        sum[0] += value * Math.cos(angle);
        sum[1] += value * Math.sin(angle);
      }
      data.push(...sum.map((each) => (normalized ? each / Math.sqrt(nFft) : each)));
    }
  }
  return { shape: [frequencies, count, 2], data };
}

spec(
  'stft',
  (x: Tensor, window: Tensor, options: STFTOptions) =>
    viewAsReal(stft(x, { ...options, window, winLength: window.size })),
  {
    // One number of a line is in all of its transform.
    extremes: 'where both are finite',
    reference: frames,
    samples: [
      { operands: [{ shape: [9] }, { shape: [4] }], args: [{ nFft: 4, hopLength: 2 }] },
      { operands: [{ shape: [12] }, { shape: [5] }], args: [{ nFft: 8, center: false }] },
      { operands: [{ shape: [10] }, { shape: [6] }], args: [{ nFft: 6, normalized: true, onesided: false }] },
    ],
    slack: 8,
    errors: [
      {
        call: () => stft(zeros([5]), { nFft: 8, center: false }),
        says: 'stft: a frame of 8 samples does not fit into 5; got shape [5]; use a shorter nFft, or pad',
      },
      {
        call: () => stft(zeros([8], { dtype: 'complex64' }), { nFft: 4, onesided: true }),
        says: 'stft: a complex64 signal has a whole spectrum; pass onesided: false',
      },
      {
        call: () => stft(zeros([8]), { nFft: 4, winLength: 5 }),
        says: 'stft: winLength must be at most nFft 4; got 5',
      },
      {
        call: () => stft(zeros([8]), { nFft: 4, window: ones([3]) }),
        says: 'stft: window must be [4], one for each sample; got [3]',
      },
      { call: () => stft(zeros([8]), { nFft: 2 }), says: 'stft: hopLength must be a whole number ≥ 1; got 0' },
    ],
  },
);

/** The inverse by the definition: frames transformed back, multiplied, added up, divided. */
function added([z, window]: Plain[], { nFft, hopLength = Math.floor(nFft / 4), center = true }: Options): Plain {
  const [frequencies, count] = z.shape;
  const total = nFft + hopLength * (count - 1);
  const [sum, squares] = [new Array<number>(total).fill(0), new Array<number>(total).fill(0)];
  for (let t = 0; t < count; t++) {
    for (let j = 0; j < nFft; j++) {
      let value = 0;
      for (let k = 0; k < frequencies; k++) {
        const at = 2 * (k * count + t);
        const angle = (2 * Math.PI * ((j * k) % nFft)) / nFft;
        const times = k === 0 || 2 * k === nFft ? 1 : 2;
        value += (times * (z.data[at] * Math.cos(angle) - z.data[at + 1] * Math.sin(angle))) / nFft;
      }
      sum[t * hopLength + j] += value * window.data[j];
      squares[t * hopLength + j] += window.data[j] ** 2;
    }
  }
  const half = center ? Math.floor(nFft / 2) : 0;
  const data = sum.map((each, i) => each / squares[i]).slice(half, total - half);
  return { shape: [data.length], data };
}

spec('istft', (x: Tensor, window: Tensor, options: ISTFTOptions) => istft(viewAsComplex(x), { ...options, window }), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: added,
  samples: [
    { operands: [{ shape: [3, 4, 2] }, { shape: [4], range: [0.5, 1] }], args: [{ nFft: 4, hopLength: 2 }] },
    {
      operands: [{ shape: [4, 3, 2] }, { shape: [6], range: [0.5, 1] }],
      args: [{ nFft: 6, hopLength: 3, center: false }],
    },
  ],
  slack: 8,
  errors: [
    {
      call: () => istft(zeros([3, 4, 2]), { nFft: 4 }),
      says: 'istft: the spectrum must be complex; got float32',
    },
    {
      call: () => istft(zeros([4, 4], { dtype: 'complex64' }), { nFft: 4 }),
      says: 'istft: x must have 3 frequencies and at least one frame for nFft 4; got [4, 4]',
    },
    {
      call: () => istft(zeros([3, 4], { dtype: 'complex64' }), { nFft: 4, window: hannWindow(4), center: false }),
      says: "istft: the windows' squares must not add up to 0 anywhere; got 0 at sample 0; use a window or a hop that covers all samples, or center: true",
    },
    {
      call: () => istft(zeros([3, 4], { dtype: 'complex64' }), { nFft: 4, onesided: true, returnComplex: true }),
      says: 'istft: half of a spectrum has a real signal; pass onesided: false',
    },
  ],
});

describe.each(engines)('stft on $name', ({ use }) => {
  it('goes there and back, in batches', () => {
    use();
    const random = randomSequence(3);
    const x = tensor(
      Float64Array.from({ length: 80 }, () => random() - 0.5),
      { shape: [2, 40] },
    );
    for (const options of [
      { nFft: 8, window: hannWindow(8, { dtype: 'float64' }) },
      { nFft: 10, hopLength: 3, winLength: 7, normalized: true, onesided: false },
    ]) {
      const back = istft(stft(x, options), { ...options, length: 40 });
      expectClose(
        back.slice(null, [0, 36]),
        { shape: [2, 36], data: [...x.slice(null, [0, 36]).data()] },
        { slack: 10 },
      );
      expect(back.shape).toEqual([2, 40]);
    }
  });

  it('takes complex signals', () => {
    use();
    const random = randomSequence(4);
    const x = complexes(Array.from({ length: 16 }, () => [random(), random()] as const));
    const options = { nFft: 4, hopLength: 2, onesided: false };
    const back = istft(stft(x, options), { ...options, returnComplex: true });
    expectClose(viewAsReal(back), { shape: [16, 2], data: [...x.data()] }, { slack: 10 });
  });
});
