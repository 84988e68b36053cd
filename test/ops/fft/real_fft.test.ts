import { complex, fft, sum, tensor, viewAsComplex, viewAsReal, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { asPairs, dft } from '../../complex.js';
import { engines, expectClose, type Plain, randomSequence, type Sample, spec } from '../../harness.js';

const slack = 8;

/** A real signal as pairs. */
const withImaginary = ({ shape, data }: Plain): Plain => ({ shape: [...shape, 2], data: data.flatMap((x) => [x, 0]) });

/** The first half of an axis of pairs. */
function half({ shape, data }: Plain, axis: number): Plain {
  const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const n = shape[axis];
  const kept = data.filter((_, at) => Math.floor(at / step) % n <= n / 2);
  return { shape: shape.map((d, i) => (i === axis ? Math.floor(n / 2) + 1 : d)), data: kept };
}

const lines: Sample[] = [
  ...[1, 2, 3, 4, 5, 6, 8, 12, 14, 22, 26, 30, 34].map((n) => ({
    operands: [{ shape: [n] }],
    args: [{}],
    smooth: n < 9,
  })),
  { operands: [{ shape: [18, 14] }], args: [{}], smooth: false },
  { operands: [{ shape: [6, 17] }], args: [{ axis: 0 }], smooth: false },
  { operands: [{ shape: [3, 5] }], args: [{}] },
  { operands: [{ shape: [67, 15] }], args: [{}], smooth: false },
  { operands: [{ shape: [34, 17] }], args: [{}], smooth: false },
  { operands: [{ shape: [2, 4, 3] }], args: [{ axis: 1, norm: 'ortho' }] },
  { operands: [{ shape: [2, 4] }], args: [{ norm: 'forward' }] },
  { operands: [{ shape: [0, 4] }], args: [{}] },
];

const divisor = (norm: string, n: number, inverse: boolean): number =>
  norm === 'ortho' ? Math.sqrt(n) : (norm === 'backward') === inverse ? n : 1;

spec('rfft', (x, options) => viewAsReal(fft.rfft(x, options)), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: ([x], { axis = -1, norm = 'backward' }: fft.FFTOptions) => {
    const at = axis < 0 ? x.shape.length + axis : axis;
    return half(dft(withImaginary(x), at, -1, 1 / divisor(norm, x.shape[at], false)), at);
  },
  samples: lines,
  slack,
  errors: [
    {
      call: () => fft.rfft(zeros([2], { dtype: 'complex64' })),
      says: 'rfft: the operand must be real; got complex64; take its parts (real, imag, viewAsReal) or its abs',
    },
  ],
});

/** The whole of a spectrum [..., m, ..., 2] for n numbers, by the definition of what is mirrored. */
function mirrored({ shape, data }: Plain, axis: number, n: number): Plain {
  const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const m = shape[axis];
  const whole = shape.map((d, i) => (i === axis ? n : d));
  const out = Array.from({ length: whole.reduce((a, b) => a * b, 1) }, (_, at) => {
    const k = Math.floor(at / step) % n;
    const line = Math.floor(at / step / n);
    const from = 2 * k <= n ? k : n - k;
    const value = data[(line * m + from) * step + (at % step)];
    if (at % 2 === 0) return value;
    if (k === 0 || 2 * k === n) return 0;
    return 2 * k < n ? value : -value;
  });
  return { shape: whole, data: out };
}

const realParts = ({ shape, data }: Plain): Plain => ({
  shape: shape.slice(0, -1),
  data: data.filter((_, i) => i % 2 === 0),
});

spec('irfft', (x, options) => fft.irfft(viewAsComplex(x), options), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: ([x], { axis = -1, n, norm = 'backward' }: fft.FFTOptions) => {
    const at = axis < 0 ? x.shape.length - 1 + axis : axis;
    const length = n ?? Math.max(2 * (x.shape[at] - 1), 1);
    return realParts(dft(mirrored(x, at, length), at, 1, 1 / divisor(norm, length, true)));
  },
  samples: [
    ...[1, 2, 3, 4, 5, 6, 8, 12, 14, 22, 30, 34].map((n) => ({
      operands: [{ shape: [Math.floor(n / 2) + 1, 2] }],
      args: [{ n }],
      smooth: n < 7,
    })),
    { operands: [{ shape: [3, 2] }], args: [{}] },
    { operands: [{ shape: [18, 8, 2] }], args: [{}], smooth: false },
    { operands: [{ shape: [4, 17, 2] }], args: [{ axis: 0 }], smooth: false },
    { operands: [{ shape: [2, 3, 2, 2] }], args: [{ axis: 1, norm: 'ortho' }] },
  ],
  slack,
});

const planes: Sample[] = [
  { operands: [{ shape: [3, 4] }], args: [{}] },
  { operands: [{ shape: [2, 3, 6] }], args: [{ norm: 'ortho' }], smooth: false },
];
const bothAxes = ([x]: Plain[], { norm = 'backward' }: fft.FFTNOptions, axes: number[]): Plain => {
  const last = x.shape.length - 1;
  const first = half(dft(withImaginary(x), last, -1, 1 / divisor(norm, x.shape[last], false)), last);
  return axes.reduce((y, axis) => dft(y, axis, -1, 1 / divisor(norm, y.shape[axis], false)), first);
};
spec('rfft2', (x, options) => viewAsReal(fft.rfft2(x, options)), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: (x, options) => bothAxes(x, options, [x[0].shape.length - 2]),
  samples: planes,
  slack,
});
spec('rfftn', (x, options) => viewAsReal(fft.rfftn(x, options)), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: (x, options) =>
    bothAxes(
      x,
      options,
      x[0].shape.slice(0, -1).map((_, i) => i),
    ),
  samples: planes,
  slack,
  errors: [
    {
      call: () => fft.rfftn(zeros([])),
      says: 'rfftn: at least one axis is needed; got none of shape []',
    },
  ],
});

const inversePlanes: Sample[] = [
  { operands: [{ shape: [3, 3, 2] }], args: [{}] },
  { operands: [{ shape: [3, 3, 2] }], args: [{ s: [3, 5], norm: 'ortho' }] },
];
const inverseOfBoth = ([x]: Plain[], { s, norm = 'backward' }: fft.FFTNOptions): Plain => {
  const columns = dft(x, 0, 1, 1 / divisor(norm, 3, true));
  const n = s?.[1] ?? 4;
  return realParts(dft(mirrored(columns, 1, n), 1, 1, 1 / divisor(norm, n, true)));
};
spec('irfft2', (x, options) => fft.irfft2(viewAsComplex(x), options), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: inverseOfBoth,
  samples: inversePlanes,
  slack,
});
spec('irfftn', (x, options) => fft.irfftn(viewAsComplex(x), options), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: inverseOfBoth,
  samples: inversePlanes,
  slack,
});

/** NaN, an infinity and numbers of another size stay in their line, of odd lengths and of convolutions too. */
it.each(engines)('rfft keeps lines apart, on $name', ({ use }) => {
  use();
  for (const n of [8, 15, 17, 34]) {
    const row = Array.from({ length: n }, (_, j) => 1e-20 * Math.cos(j * j));
    const alone = [...viewAsReal(fft.rfft(tensor([row]))).data()];
    for (const other of [NaN, Infinity, 1e20]) {
      const beside = fft.rfft(tensor([row.map(() => other), row]));
      expect([...viewAsReal(beside).data()].slice(alone.length), `${n} beside ${other}`).toEqual(alone);
    }
  }
});

describe.each(engines.filter(({ name }) => name !== 'reference'))('real transforms on $name', ({ use }) => {
  it.each(['float32', 'float64'] as const)('are those of complex numbers, for long and short lines, in %s', (dtype) => {
    use();
    for (const n of [64, 270, 1000, 1014, 4096, 2 * 17 * 31, 8192, 12000]) {
      for (const batch of n > 5000 ? [1] : [1, 3, 40]) {
        const random = randomSequence(n);
        const values = Float64Array.from({ length: batch * n }, () => Math.fround(2 * random() - 1));
        const x = tensor(values, { shape: [batch, n] }).to(dtype);
        const spectrum = fft.rfft(x, { norm: 'ortho' });
        const whole = fft.fft(x.to('float64'), { norm: 'ortho' }).slice(null, [0, n / 2 + 1]);
        const bound = 4 * (dtype === 'float32' ? 2 ** -24 : 2 ** -53) * Math.sqrt(Math.log2(n));
        const [found, wanted] = [spectrum.to('complex128'), whole].map((each) => viewAsReal(each).data());
        const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, each) => sum + each * each, 0));
        const distance = norm(found.map((each: number, i: number) => each - wanted[i]));
        expect(distance / norm(wanted), `${n}, ${batch}`).toBeLessThan(bound);
        expectClose(fft.irfft(spectrum, { norm: 'ortho' }), { shape: [batch, n], data: [...values] }, { slack: 4 });
      }
    }
  });

  it('leave out what a real signal cannot have', () => {
    use();
    const z = complex(tensor([1, 2, 3]), tensor([9, 0, -9]));
    expectClose(fft.irfft(z), { shape: [4], data: [2, -0.5, 0, -0.5] });
  });

  it('have the gradient of a signal in a spectrum', () => {
    use();
    // Parseval: Σ |X|² over the whole spectrum is n Σ x², whose gradient is 2 n x.
    const x = tensor([1, -2, 0.5, 3], { dtype: 'float64' }).requireGrad();
    sum(fft.fft(x).abs().square()).backward();
    expectClose(x.grad as never, { shape: [4], data: [8, -16, 4, 24] });
    expect(asPairs(fft.rfft(x)).shape).toEqual([3, 2]);
  });
});
