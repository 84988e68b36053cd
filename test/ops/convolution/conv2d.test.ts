import {
  autocast,
  type Conv2dAlgorithm,
  type Conv2dOptions,
  capture,
  conv2d,
  Generator,
  matmul,
  nn,
  ones,
  randn,
  relu,
  setNumThreads,
  type Tensor,
  tensor,
  unfold,
  vjp,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { intercept } from '../../../lib/backend/index.js';
import { engines, expectClose, expectSame, type Sample, spec } from '../../harness.js';
import { convolution as reference, type WindowOptions } from '../../windows.js';

const sample = (x: number[], w: number[], options: WindowOptions, bias = true, smooth = true): Sample => ({
  operands: [{ shape: x, range: [-1, 1] }, { shape: w, range: [-1, 1] }, ...(bias ? [{ shape: [w[0]] }] : [])],
  args: bias ? [options] : [undefined, options],
  smooth,
});

const same = (n: number): [[number, number], [number, number]] => [
  [n, n],
  [n, n],
];

spec('conv2d', conv2d, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference,
  samples: [
    sample([1, 1, 3, 3], [1, 1, 2, 2], {}),
    sample([2, 2, 4, 5], [3, 2, 3, 3], { padding: same(1) }),
    sample([2, 3, 5, 4], [2, 3, 3, 2], { stride: [2, 1], padding: same(1) }, false),
    sample([1, 2, 6, 5], [2, 2, 2, 3], {
      dilation: [2, 1],
      padding: [
        [1, 0],
        [2, 1],
      ],
    }),
    sample([1, 4, 4, 4], [4, 2, 3, 3], { groups: 2, padding: same(1), stride: [2, 2] }),
    sample([2, 3, 3, 3], [3, 1, 2, 2], { groups: 3 }),
    sample([2, 4, 3, 3], [5, 4, 1, 1], {}),
    // Rows and columns at the end that no window reaches.
    sample([1, 1, 6, 7], [1, 1, 2, 2], { stride: [3, 3] }),
    sample([0, 2, 4, 4], [3, 2, 3, 3], {}, true, false),
    // A filter for each channel: columns of the window with all, with several and with single neighbouring taps.
    sample([2, 5, 9, 18], [5, 1, 3, 5], { groups: 5, padding: same(2) }, true, false),
    sample([3, 4, 12, 7], [4, 1, 5, 3], { groups: 4, stride: [2, 3], padding: same(1) }, true, false),
    sample([4, 2, 8, 8], [2, 1, 3, 2], { groups: 2, dilation: [3, 2], padding: same(2) }, false, false),
    sample([2, 4, 11, 5], [4, 1, 9, 2], { groups: 4, padding: same(1) }, true, false),
    // Small images in which taps at the edges see nothing, more of them than go through the weights together.
    sample([19, 24, 2, 2], [33, 24, 3, 3], { padding: same(1) }, true, false),
    sample([9, 32, 4, 3], [40, 32, 3, 3], { padding: same(1) }, true, false),
    sample([5, 8, 7, 7], [64, 8, 3, 3], { padding: same(2), stride: [2, 2] }, true, false),
    sample([3, 16, 5, 5], [32, 16, 1, 1], { stride: [2, 2] }, true, false),
    // Beyond one block of the matrix product.
    sample([2, 19, 11, 9], [17, 19, 3, 3], { padding: same(1) }, true, false),
  ],
  // 171 products are added up in the largest sample.
  slack: 4,
  errors: [
    {
      call: () => conv2d(ones([3, 9, 9]) as never, ones([8, 3, 3, 3])),
      says: 'conv2d: x must have the axes [batch, channels, height, width]; got [3, 9, 9]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 3, 3]) as never),
      says: 'conv2d: weight must have the axes [out channels, in channels / groups, height, width]; got [8, 3, 3]',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 4, 3, 3])),
      says: 'conv2d: weight [8, 4, 3, 3] in 1 group takes 4 channels; x [2, 3, 9, 9] has 3',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 1, 3, 3]), undefined, { groups: 3 }),
      says: 'conv2d: groups must be a whole number ≥ 1 that divides the 8 out channels of weight [8, 1, 3, 3]; got 3',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 3, 3, 3]), ones([7]) as never),
      says: 'conv2d: bias must be [8], the out channels of weight [8, 3, 3, 3]; got [7]',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 3, 3, 3]), undefined, { stride: 0 }),
      says: 'conv2d: stride must be a whole number ≥ 1 or two of them, [height, width]; got 0',
    },
    {
      call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 3, 3, 3]), undefined, { stride: 2, padding: 'same' }),
      says: "conv2d: padding 'same' needs stride 1; got stride [2, 2]; pass the padding in numbers",
    },
    {
      call: () => conv2d(ones([1, 1, 2, 2]), ones([1, 1, 3, 3])),
      says: 'conv2d: the window [3, 3] is larger than the padded image [2, 2] of x [1, 1, 2, 2]; pad more or use a smaller kernel',
    },
  ],
});

it("keeps the image's size with padding 'same', an odd zero at the bottom and right", () => {
  const x = tensor([
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]);
  expect(conv2d(x, ones([1, 1, 2, 2]), undefined, { padding: 'same' }).data()).toEqual(new Float32Array([10, 6, 7, 4]));
  expect(conv2d(ones([1, 1, 5, 4]), ones([2, 1, 3, 2]), undefined, { padding: 'valid' }).shape).toEqual([1, 2, 3, 3]);
});

it('gives a weight gradient of zeros for an empty batch', () => {
  const weight = ones([2, 3, 3, 3]).requireGrad();
  conv2d(ones([0, 3, 5, 5]), weight)
    .sum()
    .backward();
  expect(weight.grad?.data()).toEqual(new Float32Array(54));
});

spec(
  'conv2d by Winograd',
  ((x: Tensor, w: Tensor, bias: Tensor, options: Conv2dOptions) =>
    conv2d(x as never, w as never, bias as never, { ...options, algorithm: 'winograd' })) as never,
  {
    // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
    extremes: 'where both are finite',
    reference,
    differentiable: 'elsewhere',
    samples: [
      sample([4, 16, 13, 14], [17, 16, 3, 3], { padding: same(1) }),
      sample([5, 18, 19, 15], [16, 18, 3, 3], {
        padding: [
          [0, 2],
          [1, 0],
        ],
      }),
      // Computed directly.
      sample([2, 3, 9, 8], [4, 3, 3, 3], { padding: same(1) }),
    ],
    // 162 products are added up, with twice the largest error.
    slack: 8,
    errors: [
      {
        call: () => conv2d(ones([2, 3, 9, 9]), ones([8, 3, 3, 3]), undefined, { algorithm: 'fft' as never }),
        says: "conv2d: algorithm must be 'direct' or 'winograd'; got 'fft'",
      },
      {
        call: () => new nn.Conv2d(3, 8, 3, { algorithm: 'fft' as never }),
        says: "Conv2d: algorithm must be 'direct' or 'winograd'; got 'fft'",
      },
    ],
  },
);

const random = (shape: number[], seed: number, scale = 1): Tensor =>
  randn(shape, { generator: new Generator(seed) }).mul(scale) as Tensor;

const convolution =
  (algorithm: Conv2dAlgorithm) =>
  (x: Tensor, w: Tensor, bias?: Tensor): Tensor =>
    conv2d(x as never, w as never, bias as never, { padding: 1, algorithm }) as Tensor;

/** y, its gradients, and the gradients of those of x and w. */
function derivatives(algorithm: Conv2dAlgorithm, [x, w, bias, dy]: Tensor[]): Tensor[] {
  const f = convolution(algorithm);
  const [y, first] = vjp(f, x, w, bias);
  const [, second] = vjp((x: Tensor, w: Tensor, dy: Tensor) => vjp((x, w) => f(x, w), x, w)[1](dy), x, w, dy);
  return [y, ...first(dy), ...second([x, w])];
}

/** The largest and the root mean square difference of two tensors. */
function distance(a: Tensor, b: Tensor): { largest: number; rms: number } {
  const difference = a.to('float64').sub(b);
  return { largest: difference.abs().max().item(), rms: Math.sqrt(difference.square().mean().item()) };
}

describe.each(engines)('conv2d by Winograd on $name', ({ use }) => {
  const operands = (): Tensor[] => [
    random([2, 19, 22, 21], 1),
    random([18, 19, 3, 3], 2, 0.1),
    random([18], 3),
    random([2, 18, 22, 21], 4),
  ];

  it('has the derivatives of the direct way', () => {
    use();
    const direct = derivatives(
      'direct',
      operands().map((operand) => operand.to('float64')),
    );
    derivatives('winograd', operands()).forEach((result, i) => {
      // Derivatives by w are sums of nearly a thousand products, the second ones of products of sums.
      const scale = Math.max(...direct[i].abs().data());
      const expected = direct[i].div(scale);
      expectClose(result.div(scale), { shape: expected.shape, data: [...expected.data()] }, { slack: 8, what: `${i}` });
    });
  });

  it('gives the same bits captured and on any number of threads', () => {
    use();
    const results = [1, 2].map((threads) => {
      setNumThreads(threads);
      const step = (x: Tensor, w: Tensor, bias: Tensor, dy: Tensor): Tensor[] => {
        const [y, pullback] = vjp((...inputs) => relu(convolution('winograd')(...inputs)), x, w, bias);
        return [y, ...pullback(dy)];
      };
      const eager = step(...(operands() as [Tensor, Tensor, Tensor, Tensor])).map((result) => result.data());
      const captured = capture(step);
      captured(...(operands() as [Tensor, Tensor, Tensor, Tensor]));
      const again = captured(...(operands() as [Tensor, Tensor, Tensor, Tensor]));
      expectSame(
        again.map((result) => result.data()),
        eager,
      );
      return eager;
    });
    expectSame(results[1], results[0]);
  });
});

describe.each(engines.filter(({ name }) => name !== 'reference'))("Winograd's rounding on $name", ({ use }) => {
  it.each([
    [8, 64, 16, 64],
    [8, 64, 16, 128],
    [8, 128, 16, 128],
  ])('is what the documentation says: %i images, %i channels of %i², %i filters', (images, channels, size, filters) => {
    use();
    const x = random([images, channels, size, size], 1);
    const w = random([filters, channels, 3, 3], 2, Math.sqrt(2 / (9 * channels)));
    const dy = random([images, filters, size, size], 3);
    const results = (algorithm: Conv2dAlgorithm, dtype: 'float32' | 'float64'): Tensor[] => {
      const [y, pullback] = vjp(convolution(algorithm), x.to(dtype) as Tensor, w.to(dtype) as Tensor);
      return [y, pullback(dy.to(dtype) as Tensor)[0]];
    };
    const exact = results('direct', 'float64');
    const direct = results('direct', 'float32');
    results('winograd', 'float32').forEach((result, i) => {
      const size = Math.sqrt(exact[i].square().mean().item());
      const [error, usual] = [distance(result, exact[i]), distance(direct[i], exact[i])];
      expect(error.rms / size).toBeLessThan(1.15e-6);
      expect(error.rms / usual.rms).toBeLessThan(2.05);
      // So that this is no direct result; sums over stretches of the channels round less.
      expect(error.rms / usual.rms).toBeGreaterThan(1.25);
      expect(error.largest / size).toBeLessThan(1.5e-5);
      expect(error.largest / usual.largest).toBeLessThan(2.5);
    });
  });
});

describe.each(engines.filter(({ name }) => name !== 'reference'))(
  'conv2d of more weights than pixels on $name',
  ({ use }) => {
    const [images, channels, filters] = [16, 264, 272];

    /** A product of the weights with the windows. */
    const byWindows = (x: Tensor, w: Tensor, { padding, stride }: { padding: number; stride: number }): Tensor => {
      const [size, taps] = [[4, 5], w.shape[2]];
      const [height, width] = size.map((n) => Math.floor((n + 2 * padding - taps) / stride) + 1);
      const columns = unfold(x, taps, { padding, stride });
      return matmul(w.reshape([filters, -1]) as never, columns as never).reshape([
        images,
        filters,
        height,
        width,
      ]) as Tensor;
    };

    it.each([
      { taps: 3, padding: 1, stride: 1, algorithm: 'direct' },
      { taps: 3, padding: 1, stride: 2, algorithm: 'direct' },
      { taps: 1, padding: 0, stride: 1, algorithm: 'direct' },
      { taps: 3, padding: 1, stride: 1, algorithm: 'winograd' },
    ] as const)(
      'is their product with the windows: $taps × $taps, stride $stride, $algorithm',
      ({ taps, ...options }) => {
        use();
        const x = random([images, channels, 4, 5], 1);
        const w = random([filters, channels, taps, taps], 2, 1 / (taps * Math.sqrt(channels)));
        const f = (x: Tensor, w: Tensor): Tensor => conv2d(x as never, w as never, undefined, options) as Tensor;
        const [double, rounded] = [
          (t: Tensor) => t.to('float64') as Tensor,
          (t: Tensor) => t.to('bfloat16').to('float64') as Tensor,
        ];
        const [y, pullback] = vjp((x, w) => byWindows(x, w, options), double(x), double(w));
        const dy = random([...y.shape], 3);
        const expected = [y, ...pullback(double(dy))].map((t) => ({ shape: t.shape, data: [...t.data()] as number[] }));
        const results = [1, 2].map((threads) => {
          setNumThreads(threads);
          const [y, pullback] = vjp(f, x, w);
          return [y, ...pullback(dy)];
        });
        expected.forEach((plain, i) => {
          expectClose(results[0][i], plain, { slack: 16, what: `${i}` });
        });
        const bits = results.map((tensors) => tensors.map((t) => t.data()));
        expectSame(bits[1], bits[0]);
        const half = autocast('bfloat16', () => f(x, w));
        const products = byWindows(rounded(x), rounded(w), options);
        expectClose(
          half,
          { shape: products.shape, data: [...products.data()] as number[] },
          { slack: 2, what: 'bfloat16' },
        );
      },
    );
  },
);

it("takes Winograd's way where it applies and pays, and the direct way elsewhere", () => {
  const kernels = (
    shape: number[],
    weight: number[],
    options: Conv2dOptions,
    dtype: 'float32' | 'float64' = 'float32',
  ) => {
    const names: string[] = [];
    const release = intercept((engine) => ({
      ...engine,
      run(kernel, views, numbers, hooks) {
        if (kernel.startsWith('conv2d')) names.push(kernel);
        return engine.run(kernel, views, numbers, hooks);
      },
    }));
    const leaves = [ones(shape, { dtype }).requireGrad(), ones(weight, { dtype }).requireGrad()];
    (conv2d(leaves[0] as never, leaves[1] as never, undefined, { ...options, algorithm: 'winograd' }) as Tensor)
      .sum()
      .backward();
    release();
    return names.join(' ');
  };
  const [shape, weight] = [
    [4, 16, 16, 16],
    [16, 16, 3, 3],
  ];
  const padding = 1;
  expect(kernels(shape, weight, { padding })).toBe('conv2dWinograd conv2dInputWinograd conv2dWeight');
  const direct = 'conv2d conv2dInput conv2dWeight';
  expect(kernels(shape, weight, { padding, stride: 2 })).toBe(direct);
  expect(kernels(shape, weight, { padding, dilation: [1, 2] })).toBe(direct);
  expect(kernels(shape, [16, 8, 3, 3], { padding, groups: 2 })).toBe(direct);
  expect(kernels(shape, [16, 16, 3, 2], { padding })).toBe(direct);
  expect(kernels([4, 15, 16, 16], [16, 15, 3, 3], { padding })).toBe(direct);
  expect(kernels(shape, [15, 16, 3, 3], { padding })).toBe(direct);
  expect(kernels([3, 16, 16, 16], weight, { padding })).toBe(direct);
  expect(kernels([8, 256, 7, 7], [256, 256, 3, 3], { padding })).toBe(
    'conv2dWinograd conv2dInputWinograd conv2dWeight',
  );
  expect(kernels([7, 256, 7, 7], [256, 256, 3, 3], { padding })).toBe(direct);
  expect(kernels(shape, weight, { padding }, 'float64')).toBe(direct);
  expect(autocast('bfloat16', () => kernels(shape, weight, { padding }))).toBe(direct);
});
