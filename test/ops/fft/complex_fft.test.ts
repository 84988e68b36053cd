import { capture, complex, fft, mul, type Tensor, tensor, viewAsComplex, viewAsReal, zeros } from 'adjoint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complexes, dft, onPairs, type Pair } from '../../complex.js';
import { engines, expectClose, type Plain, randomSequence, type Sample, spec } from '../../harness.js';

/** Every radix of the kernels alone and together; lengths that are none of these; lines on both sides of a vector's lanes. */
const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 30, 17, 34];
const samples: Sample[] = [
  ...lengths.map((n) => ({ operands: [{ shape: [n, 2] }], args: [{}], smooth: n < 9 })),
  { operands: [{ shape: [18, 14, 2] }], args: [{}], smooth: false },
  { operands: [{ shape: [6, 17, 2] }], args: [{ axis: 0 }], smooth: false },
  { operands: [{ shape: [2, 3, 5, 2] }], args: [{ axis: 1, norm: 'ortho' }] },
  { operands: [{ shape: [2, 3, 2] }], args: [{ axis: 0, norm: 'forward' }] },
  { operands: [{ shape: [0, 3, 2] }], args: [{}] },
  { operands: [{ shape: [3, 2] }], args: [{ n: 5 }] },
  { operands: [{ shape: [2, 5, 2] }], args: [{ n: 3 }] },
];

/** The pairs of one axis cut or with zeros behind. */
function fitted({ shape, data }: Plain, axis: number, n: number): Plain {
  const step = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const size = shape[axis];
  const to = shape.map((d, i) => (i === axis ? n : d));
  const out = Array.from({ length: to.reduce((a, b) => a * b, 1) }, (_, at) => {
    const j = Math.floor(at / step) % n;
    const line = Math.floor(at / step / n);
    return j < size ? data[(line * size + j) * step + (at % step)] : 0;
  });
  return { shape: to, data: out };
}

type Options = fft.FFTOptions;

const reference =
  (inverse: boolean) =>
  ([x]: Plain[], { axis = -1, n, norm = 'backward' }: Options): Plain => {
    const at = axis < 0 ? x.shape.length - 1 + axis : axis;
    const signal = fitted(x, at, n ?? x.shape[at]);
    const length = signal.shape[at];
    const divided = norm === 'ortho' ? Math.sqrt(length) : (norm === 'backward') === inverse ? length : 1;
    return dft(signal, at, inverse ? 1 : -1, 1 / divided);
  };

// Sums of n terms: errors relative to the largest number that goes in.
const slack = 8;
spec('fft', onPairs(fft.fft), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: reference(false),
  samples,
  slack,
  errors: [
    {
      call: () => fft.fft(zeros([0])),
      says: 'fft: there is no transform of zero elements; got axis 0 of shape [0]',
    },
    { call: () => fft.fft(zeros([2]), { n: 0 }), says: 'fft: n must be a whole number ≥ 1; got 0' },
    {
      call: () => fft.fft(zeros([2]), { norm: 'none' as never }),
      says: "fft: norm must be 'backward', 'ortho' or 'forward'; got 'none'",
    },
  ],
});

spec('ifft', onPairs(fft.ifft), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: reference(true),
  samples,
  slack,
});

const referenceN =
  (inverse: boolean, standard?: number[]) =>
  ([x]: Plain[], { s, axes, norm = 'backward' }: fft.FFTNOptions): Plain => {
    const rank = x.shape.length - 1;
    const along = axes ?? standard ?? (s ?? x.shape.slice(0, -1)).map((_, i) => i - (s?.length ?? rank));
    return along.reduce((y, axis, i) => {
      const n = s === undefined || s[i] === -1 ? undefined : s[i];
      return reference(inverse)([y], { axis: axis < 0 ? rank + axis : axis, norm, ...(n && { n }) });
    }, x);
  };
const planes: Sample[] = [
  { operands: [{ shape: [3, 4, 2] }], args: [{}] },
  { operands: [{ shape: [2, 3, 5, 2] }], args: [{ norm: 'ortho' }], smooth: false },
  { operands: [{ shape: [2, 3, 2] }], args: [{ s: [3, -1] }] },
  { operands: [{ shape: [2, 3, 2, 2] }], args: [{ axes: [0, 2], norm: 'forward' }] },
];
spec('fft2', onPairs(fft.fft2), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: referenceN(false, [-2, -1]),
  samples: planes,
  slack,
});
spec('ifft2', onPairs(fft.ifft2), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: referenceN(true, [-2, -1]),
  samples: planes,
  slack,
});
spec('fftn', onPairs(fft.fftn), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: referenceN(false),
  samples: planes,
  slack,
  errors: [
    {
      call: () => fft.fftn(zeros([2, 3]), { s: [4], axes: [0, 1] }),
      says: 'fftn: s must have a length for each axis; got [4] for axes [0, 1]',
    },
  ],
});
spec('ifftn', onPairs(fft.ifftn), {
  // One number of a line is in all of its transform.
  extremes: 'where both are finite',
  reference: referenceN(true),
  samples: planes,
  slack,
});

/** ‖a − b‖ / ‖b‖ of complex tensors. */
function distance(a: Tensor, b: Tensor): number {
  const [p, q] = [a.to('complex128').data(), b.to('complex128').data()];
  const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  return norm(p.map((each, i) => each - q[i])) / norm(q);
}

function signal(n: number, dtype: 'float32' | 'float64', batch = 1): Tensor {
  const random = randomSequence(n);
  const values = Float64Array.from({ length: 2 * n * batch }, () => Math.fround(2 * random() - 1));
  return viewAsComplex(tensor(values, { shape: [batch, n, 2] }).to(dtype) as Tensor);
}

const epsilon = { float32: 2 ** -24, float64: 2 ** -53 };

describe.each(engines.filter(({ name }) => name !== 'reference'))('fft on $name', ({ use }) => {
  it('is as NumPy has it', () => {
    use();
    // numpy.fft.fft([1, 2, 3, 4])
    expect([...fft.fft(tensor([1, 2, 3, 4])).data()]).toEqual([10, 0, -2, 2, -2, 0, -2, -2]);
    expect(fft.fft(tensor([1, 2])).dtype).toBe('complex64');
    expect(fft.fft(tensor([1, 2], { dtype: 'float64' })).dtype).toBe('complex128');
  });

  it.each(['float32', 'float64'] as const)('has errors that grow with √log n, in %s', (dtype) => {
    use();
    // In float32 against float64, whose lengths below are held to the definition.
    for (const n of [17, 64, 360, 1000, 1001, 1009, 1024, 2 * 509, 4096, 8191, 8192, 30030, 65536, 65537, 2 ** 18]) {
      const bound = 3 * epsilon[dtype] * Math.sqrt(Math.log2(n));
      for (const batch of n > 5000 ? [1] : [1, 9, 33]) {
        const x = signal(n, dtype, batch);
        const y = fft.fft(x);
        if (dtype === 'float32') expect(distance(y, fft.fft(x.to('complex128'))), `${n}`).toBeLessThan(bound);
        expect(distance(fft.ifft(y), x), `there and back, ${n}`).toBeLessThan(2 * bound);
      }
    }
    for (const n of [17, 64, 97, 360, 1000, 1009, 2 * 509, 1024, 2048]) {
      const x = signal(n, dtype);
      const data = [...viewAsReal(x).to('float64').data()];
      const exact = dft({ shape: [n, 2], data }, 0, -1);
      // The definition's own sums err by √n · ε at most.
      const own = 2 * epsilon.float64 * Math.sqrt(n);
      const found = fft.fft(x).reshape([n]);
      const wanted = viewAsComplex(tensor(Float64Array.from(exact.data), { shape: [n, 2] }));
      expect(distance(found, wanted), `${n}`).toBeLessThan(3 * epsilon[dtype] * Math.sqrt(Math.log2(n)) + own);
    }
  });

  it('keeps energy, and shifts with the signal', () => {
    use();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(300), (n, places) => {
        const x = signal(n, 'float64');
        const y = fft.fft(x, { norm: 'ortho' });
        // Parseval
        expect(y.abs().square().sum().item()).toBeCloseTo(x.abs().square().sum().item() as number, 9);
        // A shift in time is a turn of each frequency.
        const turns = Array.from({ length: n }, (_, k): Pair => {
          const angle = (-2 * Math.PI * ((k * places) % n)) / n;
          return [Math.cos(angle), Math.sin(angle)];
        });
        const rolled = fft.fft(x.roll(places, -1), { norm: 'ortho' });
        expectClose(
          viewAsReal(rolled),
          { shape: [1, n, 2], data: [...viewAsReal(mul(y, complexes(turns)) as Tensor).data()] },
          { slack: 100 },
        );
      }),
      { numRuns: 40 },
    );
  });

  it('makes products of convolutions', () => {
    use();
    const [a, b] = [tensor([1, 2, 3, 0], { dtype: 'float64' }), tensor([0, 1, 0.5, 0], { dtype: 'float64' })];
    const y = fft.ifft(mul(fft.fft(a), fft.fft(b)) as Tensor).real();
    expectClose(y, { shape: [4], data: [1.5, 1, 2.5, 4] });
  });

  it('gives the same bits in a captured step, also where it first makes its roots', () => {
    use();
    for (const n of [23, 46, 320]) {
      const x = signal(n, 'float32', 2);
      const step = capture((x: Tensor) => {
        const y = fft.fft(x);
        return [y, fft.ifft(y)];
      });
      const first = step(x).map((each) => each.data());
      expect(step(x).map((each) => each.data())).toEqual(first);
      expect([fft.fft(x), fft.ifft(fft.fft(x))].map((each) => each.data())).toEqual(first);
    }
  });
});

it('fft takes what has no imaginary part', () => {
  expect(fft.ifft(complex(tensor([4, 0]), 0)).toArray()).toEqual([
    { re: 2, im: 0 },
    { re: 2, im: 0 },
  ]);
});
