import {
  autocast,
  type ConvOptions,
  conv1d,
  conv2d,
  conv3d,
  Generator,
  matmul,
  ones,
  pad,
  randn,
  type Tensor,
  tensor,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, spec } from '../../harness.js';
import { convolution, convolutionSample as sample } from '../../windows.js';

spec('conv1d', conv1d as never, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference: convolution,
  samples: [
    sample([1, 1, 4], [1, 1, 2]),
    sample([2, 3, 5], [2, 3, 3], { padding: 1 }, { bias: 2 }),
    sample([1, 2, 7], [2, 2, 2], { padding: [[2, 1]], dilation: 2, stride: 2 }, { bias: 2 }),
    sample([2, 4, 4], [4, 2, 3], { groups: 2, padding: [1] }),
    sample([2, 3, 4], [6, 1, 2], { groups: 3 }),
    sample([0, 2, 5], [3, 2, 3], {}, { bias: 3, smooth: false }),
    sample([3, 19, 45], [17, 19, 7], { padding: 3, stride: 2 }, { bias: 17, smooth: false }),
  ],
  slack: 4,
  errors: [
    {
      call: () => conv1d(ones([3, 9]) as never, ones([8, 3, 3])),
      says: 'conv1d: x must have the axes [batch, channels, length]; got [3, 9]; a single sequence [C, L] needs reshape([1, C, L])',
    },
    {
      call: () => conv1d(ones([2, 3, 9]), ones([8, 3]) as never),
      says: 'conv1d: weight must have the axes [out channels, in channels / groups, length]; got [8, 3]',
    },
    {
      call: () => conv1d(ones([1, 1, 4]), ones([1, 1, 5])),
      says: 'conv1d: the window [5] is larger than the padded sequence [4] of x [1, 1, 4]; pad more or use a smaller kernel',
    },
    {
      call: () => conv1d(ones([1, 1, 4]), ones([1, 1, 2]), undefined, { padding: 'half' as never }),
      says: "conv1d: padding must be in numbers, 'valid', 'same', 'full' or 'causal'; got 'half'",
    },
  ],
});

spec('conv3d', conv3d as never, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference: convolution,
  samples: [
    sample([1, 1, 2, 2, 2], [1, 1, 2, 1, 2]),
    sample([1, 2, 3, 2, 3], [2, 2, 2, 2, 2], { padding: 1 }, { bias: 2 }),
    sample([2, 1, 4, 3, 3], [2, 1, 2, 3, 2], { stride: [2, 1, 1], dilation: [2, 1, 1] }),
    sample([1, 4, 3, 2, 2], [2, 2, 2, 2, 1], {
      groups: 2,
      padding: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
      stride: [2, 1, 1],
    }),
    sample([2, 2, 4, 4, 4], [2, 1, 3, 3, 3], { groups: 2, padding: 1 }, { bias: 2, smooth: false }),
    sample([0, 2, 3, 3, 3], [3, 2, 2, 2, 2], {}, { smooth: false }),
    sample([2, 5, 7, 6, 9], [9, 5, 3, 3, 3], { padding: 1, stride: 2 }, { bias: 9, smooth: false }),
  ],
  slack: 4,
  errors: [
    {
      call: () => conv3d(ones([3, 9, 9, 9]) as never, ones([8, 3, 3, 3, 3])),
      says: 'conv3d: x must have the axes [batch, channels, depth, height, width]; got [3, 9, 9, 9]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
    {
      call: () => conv3d(ones([1, 1, 4, 4, 4]), ones([1, 1, 2, 2, 2]), undefined, { padding: 'causal' }),
      says: "conv3d: padding must be in numbers, 'valid', 'same' or 'full'; got 'causal'",
    },
    {
      call: () => conv3d(ones([1, 1, 4, 4, 4]), ones([1, 1, 2, 2, 2]), undefined, { padding: [[1, 0]] as never }),
      says: 'conv3d: padding must be whole numbers ≥ 0, [before, after] for each of [depth, height, width]; got [[1,0]]',
    },
  ],
});

const random = (shape: number[], seed: number): Tensor => randn(shape, { generator: new Generator(seed) });
const asImage = (rows: number[][]): Tensor<[1, 1, number, number]> => tensor([[rows]]) as never;

describe.each(engines)('convolution on $name', ({ use }) => {
  it.each([
    [conv1d, [2, 3, 8], [4, 3, 3], [[1, 1]]],
    [
      conv2d,
      [2, 3, 6, 7],
      [4, 3, 4, 3],
      [
        [1, 2],
        [1, 1],
      ],
    ],
    [
      conv3d,
      [1, 2, 4, 5, 4],
      [3, 2, 3, 2, 3],
      [
        [1, 1],
        [0, 1],
        [1, 1],
      ],
    ],
  ] as const)("pads by name: %# 'same', 'valid', 'full'", (convolve, x, weight, same) => {
    use();
    const operands = [random([...x], 1), random([...weight], 2)] as never as [Tensor<any>, Tensor<any>];
    const by = (padding: unknown): unknown =>
      convolve(...(operands as [never, never]), undefined, { padding } as never).data();
    expect(by('same')).toEqual(by(same));
    expect(by('valid')).toEqual(by(0));
    expect(by('full')).toEqual(by(weight.slice(2).map((taps) => taps - 1)));
  });

  it.each(['reflect', 'replicate', 'circular'] as const)('continues the image: %s', (paddingMode) => {
    use();
    const [x, w] = [random([2, 3, 6, 5], 1) as never, random([2, 3, 3, 4], 2) as never];
    const padded = conv2d(
      pad(
        x,
        [
          [1, 1],
          [1, 2],
        ],
        paddingMode,
      ) as never,
      w,
      undefined,
      { stride: 2 },
    );
    expect(
      conv2d(x, w, undefined, {
        padding: [
          [1, 1],
          [1, 2],
        ],
        stride: 2,
        paddingMode,
      }).data(),
    ).toEqual(padded.data());
  });

  it('sees nothing that comes later with causal padding, lecture notes 001, line 1370', () => {
    use();
    const [x, w] = [random([1, 2, 9], 1), random([2, 2, 3], 2)] as never as [Tensor<[1, 2, 9]>, Tensor<[2, 2, 3]>];
    const y = conv1d(x, w, undefined, { padding: 'causal', dilation: 2 });
    expect(y.shape).toEqual([1, 2, 9]);
    const changed = x.add(pad(ones([1, 2, 3]), [[6, 0]]) as never) as typeof x;
    const after = conv1d(changed, w, undefined, { padding: 'causal', dilation: 2 });
    expect(after.slice(null, null, [0, 6]).data()).toEqual(y.slice(null, null, [0, 6]).data());
    expect(after.slice(null, null, [6]).data()).not.toEqual(y.slice(null, null, [6]).data());
  });

  it('commutes, lecture notes 003, lines 1033–1039, and the cross-correlation of line 1045 does not', () => {
    use();
    const [image, kernel] = [
      asImage([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
      ]),
      asImage([
        [1, 0, 2],
        [-1, 3, 0],
      ]),
    ];
    const full = (x: typeof image, weight: typeof kernel, flip: boolean): unknown =>
      conv2d(x, weight, undefined, { padding: 'full', flip }).toArray();
    const convolved = [
      [1, 2, 5, 8, 6, 8],
      [4, 7, 20, 25, 26, 16],
      [4, 19, 40, 45, 46, 24],
      [-9, 17, 19, 21, 36, 0],
    ];
    expect(full(image, kernel, true)).toEqual([[convolved]]);
    expect(full(kernel, image, true)).toEqual([[convolved]]);
    const turned = (full(kernel, image, false) as number[][][][])[0][0].map((row) => row.toReversed()).toReversed();
    expect(full(image, kernel, false)).toEqual([[turned]]);
    expect(turned).not.toEqual(convolved);
  });

  it('rounds to bfloat16 in every rank where autocast asks for it', () => {
    use();
    for (const [convolve, x, w] of [
      [conv1d, [2, 3, 8], [4, 3, 3]],
      [conv3d, [1, 2, 4, 5, 4], [3, 2, 3, 2, 3]],
    ] as const) {
      const operands = [random([...x], 1), random([...w], 2)] as never[];
      const rounded = operands.map((operand: Tensor) => operand.to('bfloat16').to('float32'));
      const y = autocast('bfloat16', () => convolve(operands[0], operands[1]) as Tensor);
      const expected = convolve(rounded[0] as never, rounded[1] as never) as Tensor;
      expectClose(y, { shape: [...expected.shape], data: [...expected.data()] }, { slack: 4 });
    }
  });

  // Lecture notes 002, line 321 means the former where it says convolution, line 982 the latter.
  it('has the example of lecture notes 000, lines 783–797, by cross-correlation and by true convolution', () => {
    use();
    const image = asImage([
      [0, 1, 2, 3],
      [4, 5, 4, 4],
      [6, 5, 7, 1],
      [1, 2, 2, 8],
    ]);
    const kernel = asImage([
      [1, 2, 3],
      [3, 4, 2],
      [2, 1, 1],
    ]);
    expect(conv2d(image, kernel).toArray()).toEqual([
      [
        [
          [72, 71],
          [84, 84],
        ],
      ],
    ]);
    expect(conv2d(image, kernel, undefined, { flip: true }).toArray()).toEqual([
      [
        [
          [80, 77],
          [79, 76],
        ],
      ],
    ]);
    expect(conv2d(image, kernel, undefined, { padding: 'same' }).toArray()).toEqual([
      [
        [
          [11, 25, 35, 30],
          [40, 72, 71, 51],
          [60, 84, 84, 49],
          [35, 52, 52, 47],
        ],
      ],
    ]);
    expect(conv2d(image, kernel, undefined, { padding: 'full' }).toArray()).toEqual([
      [
        [
          [0, 1, 3, 7, 7, 6],
          [4, 11, 25, 35, 30, 17],
          [14, 40, 72, 71, 51, 17],
          [25, 60, 84, 84, 49, 23],
          [20, 35, 52, 52, 47, 25],
          [3, 8, 11, 30, 18, 8],
        ],
      ],
    ]);
  });

  it('has the example of two channels of lecture notes 004, line 3948: [[56, 72], [104, 120]]', () => {
    use();
    const image = tensor([
      [
        [
          [0, 1, 2],
          [3, 4, 5],
          [6, 7, 8],
        ],
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
    ]);
    const kernel = tensor([
      [
        [
          [0, 1],
          [2, 3],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ]);
    expect(conv2d(image, kernel).toArray()).toEqual([
      [
        [
          [56, 72],
          [104, 120],
        ],
      ],
    ]);
  });

  it('multiplies polynomials, lecture notes 003, lines 967–1009: δ_j = Σ α_i β_(j−i), whichever is the kernel', () => {
    use();
    const [p, s] = [tensor([[[1, 2, 3]]]), tensor([[[4, 5, 6, 7]]])];
    const options = { padding: 'full', flip: true } as const;
    expect(conv1d(s, p, undefined, options).toArray()).toEqual([[[4, 13, 28, 34, 32, 21]]]);
    expect(conv1d(p, s, undefined, options).toArray()).toEqual([[[4, 13, 28, 34, 32, 21]]]);
  });

  it("detects '1011' wherever it is, lecture notes 001, lines 1283–1291, with less than a neuron a place", () => {
    use();
    const pattern = tensor([[[1, -1, 1, 1]]]);
    const found = (image: string): unknown => {
      const pixels = tensor(Float32Array.from(image, Number), { shape: [1, 1, image.length] });
      return conv1d(pixels, pattern, tensor([-2.5]))
        .gt(0)
        .data();
    };
    expect(found('01011001')).toEqual(new Uint8Array([0, 1, 0, 0, 0]));
    expect(found('10110000')).toEqual(new Uint8Array([1, 0, 0, 0, 0]));
    expect(found('11110101')).toEqual(new Uint8Array([0, 0, 0, 0, 0]));
    expect(pattern.size + 1).toBeLessThan(5 * (8 + 1));
  });

  it('smooths and finds edges by fixed filters, lecture notes 003, line 1049', () => {
    use();
    const step = asImage([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
    const smooth = asImage([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]).div(9) as ReturnType<typeof asImage>;
    const edge = asImage([
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ]);
    expectClose(conv2d(step, smooth), { shape: [1, 1, 1, 2], data: [1 / 3, 2 / 3] });
    expect(conv2d(step, edge).toArray()).toEqual([[[[4, 4]]]]);
    expect(conv2d(ones([1, 1, 3, 4]), edge).toArray()).toEqual([[[[0, 0]]]]);
  });

  it('is a product over channels with a kernel of one element, lecture notes 000, line 929', () => {
    use();
    const [x, w] = [random([1, 3, 3, 3], 1), random([4, 3, 1, 1], 2)] as never as [
      Tensor<[1, 3, 3, 3]>,
      Tensor<[4, 3, 1, 1]>,
    ];
    const product = matmul(w.reshape([4, 3]), x.reshape([3, 9])) as Tensor;
    expectClose(conv2d(x, w), { shape: [1, 4, 3, 3], data: [...product.data()] }, { slack: 4 });
  });

  // Line 856 says 3 × 3, line 879 that sizes do not depend on the input, line 339 that the result is as large as it.
  it.each<[string, size: number, kernel: number, ConvOptions<2>, expected: number]>([
    ['lecture notes 000, line 783', 4, 3, {}, 2],
    ['lecture notes 000, line 849', 3, 3, { padding: 1 }, 3],
    ['lecture notes 000, line 856', 3, 3, { padding: 2 }, 5],
    ['lecture notes 000, line 867', 5, 3, { stride: 2 }, 2],
    ['lecture notes 000, line 879', 7, 3, { stride: 2 }, 3],
    ['lecture notes 000, line 953', 5, 2, { dilation: 2 }, 3],
    ['lecture notes 002, line 339', 5, 3, { padding: 'full' }, 7],
    ['lecture notes 001, line 1538', 32, 5, {}, 28],
    ['lecture notes 001, line 1538', 28, 5, {}, 24],
    // (224 − 7 + 6) / 2 + 1 is 112.5.
    ['lecture notes 001, line 1538, whose quotient is rounded down', 224, 7, { padding: 3, stride: 2 }, 112],
  ])('%s: of %i, a kernel of %i by %j leaves %i', (_, size, kernel, options, expected) => {
    use();
    expect(conv2d(ones([1, 1, size, size]), ones([1, 1, kernel, kernel]), undefined, options).shape).toEqual([
      1,
      1,
      expected,
      expected,
    ]);
  });

  it('lecture notes 001, lines 1325 and 1333: weights (w₀ … w₃) are the kernel (w₃ … w₀); convolution commutes', () => {
    use();
    const [x, w] = [tensor([[[2, -1, 0.5, 3, 1, -2]]]), tensor([[[1, 2, -3, 4]]])];
    const k = tensor([[[4, -3, 2, 1]]]);
    const full = { padding: 'full', flip: true } as const;
    expect(conv1d(x, k, undefined, full).toArray()).toEqual(conv1d(k, x, undefined, full).toArray());
    expect(conv1d(x, k, undefined, { flip: true }).toArray()).toEqual(conv1d(x, w).toArray());
  });

  // The notes leave open where the zero of an even kernel goes: (1, 4, 7) is of the left, as a sequence's first frames.
  it("lecture notes 001, line 1446: (1, 2, 3) with k = (1, 2) is (1, 4, 7, 6), less the end if 'causal', the start if 'same'", () => {
    use();
    const [x, k] = [tensor([[[1, 2, 3]]]), tensor([[[1, 2]]])];
    const by = (padding: 'full' | 'causal' | 'same'): unknown =>
      conv1d(x, k, undefined, { padding, flip: true }).toArray();
    expect(by('full')).toEqual([[[1, 4, 7, 6]]]);
    expect(by('causal')).toEqual([[[1, 4, 7]]]);
    expect(by('same')).toEqual([[[4, 7, 6]]]);
  });
});
