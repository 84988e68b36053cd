import { convTranspose1d, convTranspose2d, convTranspose3d, ones, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, spec } from '../../harness.js';
import { convolutionSample as sample, transposedConvolution } from '../../windows.js';

spec('convTranspose1d', convTranspose1d as never, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference: transposedConvolution,
  samples: [
    sample([1, 1, 2], [1, 1, 2]),
    sample([2, 2, 3], [2, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }, { bias: 3 }),
    sample([1, 4, 3], [4, 1, 2], { groups: 2, dilation: 2, padding: [[1, 0]] }),
    sample([0, 2, 3], [2, 3, 3], {}, { smooth: false }),
    sample([3, 17, 21], [17, 9, 4], { stride: 2, padding: 1 }, { bias: 9, smooth: false }),
  ],
  slack: 4,
});

spec('convTranspose2d', convTranspose2d as never, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference: transposedConvolution,
  samples: [
    sample([1, 1, 2, 2], [1, 1, 2, 2]),
    sample([1, 2, 3, 2], [2, 2, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }, { bias: 2 }),
    sample([2, 4, 2, 3], [4, 1, 3, 2], {
      groups: 2,
      stride: [1, 2],
      padding: [
        [1, 0],
        [0, 1],
      ],
    }),
    sample([1, 2, 3, 3], [2, 1, 2, 2], { dilation: [3, 2], outputPadding: [2, 1] }),
    sample([2, 3, 7, 6], [3, 5, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }, { bias: 5, smooth: false }),
    sample([3, 2, 6, 5], [2, 1, 5, 3], { groups: 2, stride: [3, 2] }, { bias: 2, smooth: false }),
  ],
  slack: 4,
  errors: [
    {
      call: () => convTranspose2d(ones([1, 3, 5, 5]) as never, ones([4, 2, 3, 3])),
      says: 'convTranspose2d: weight [4, 2, 3, 3] in 1 group takes 4 channels; x [1, 3, 5, 5] has 3',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 5, 5]), ones([4, 2, 3, 3]), undefined, { stride: 2, outputPadding: 2 }),
      says: 'convTranspose2d: outputPadding must be smaller than the stride or the dilation; got [2, 2] for stride [2, 2] and dilation [1, 1]',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 5, 5]), ones([4, 2, 3, 3]), ones([3])),
      says: 'convTranspose2d: bias must be [2], the out channels of weight [4, 2, 3, 3]; got [3]',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 5, 5]), ones([4, 2, 3]) as never),
      says: 'convTranspose2d: weight must have the axes [in channels, out channels / groups, height, width]; got [4, 2, 3]',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 5, 5]), ones([4, 2, 3, 3]), undefined, { groups: 3 }),
      says: 'convTranspose2d: groups must be a whole number ≥ 1 that divides the 4 in channels of weight [4, 2, 3, 3]; got 3',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 1, 1]), ones([4, 2, 3, 3]), undefined, { padding: 2 }),
      says: 'convTranspose2d: padding must leave something of the result; got the sizes [-1, -1] for x [1, 4, 1, 1]',
    },
    {
      call: () => convTranspose2d(ones([1, 4, 1, 1]), ones([4, 2, 3, 3]), undefined, { padding: 'full' as never }),
      says: "convTranspose2d: padding must be in numbers, 'valid' or 'same'; got 'full'",
    },
  ],
});

spec('convTranspose3d', convTranspose3d as never, {
  // The zeros around an image may meet an infinity, and 0 · ∞ is NaN.
  extremes: 'where both are finite',
  reference: transposedConvolution,
  samples: [
    sample([1, 1, 2, 1, 2], [1, 1, 2, 2, 1]),
    sample([1, 2, 2, 2, 2], [2, 2, 2, 2, 2], { stride: [2, 1, 2], outputPadding: [1, 0, 1] }, { bias: 2 }),
    sample([1, 2, 3, 2, 1], [2, 1, 2, 1, 2], {
      groups: 2,
      dilation: [2, 1, 1],
      padding: [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
    }),
    sample([2, 5, 4, 3, 4], [5, 6, 3, 3, 3], { stride: 2, padding: 1, outputPadding: 1 }, { bias: 6, smooth: false }),
  ],
  slack: 4,
});

describe.each(engines)('transposed convolution on $name', ({ use }) => {
  it('has the example of lecture notes 000, lines 978–988: 2 × 2 becomes 4 × 4', () => {
    use();
    const kernel = tensor([
      [
        [
          [1, 2, 3],
          [3, 4, 2],
          [2, 1, 1],
        ],
      ],
    ]);
    expect(
      convTranspose2d(
        tensor([
          [
            [
              [1, 2],
              [3, 1],
            ],
          ],
        ]),
        kernel,
      ).toArray(),
    ).toEqual([
      [
        [
          [1, 4, 7, 6],
          [6, 17, 21, 7],
          [11, 20, 13, 4],
          [6, 5, 4, 1],
        ],
      ],
    ]);
  });

  it.each([
    [2, 3],
    [3, 3],
    [3, 2],
    [2, 5],
  ])(
    "lecture notes 000, line 990: I · S elements with padding 'same', (I − 1) · S + K with 'valid': stride %i, kernel %i",
    (stride, k) => {
      use();
      const size = (padding: 'same' | 'valid'): unknown => [
        convTranspose1d(ones([1, 1, 4]), ones([1, 1, k]), undefined, { stride, padding }).shape[2],
        convTranspose3d(ones([1, 1, 4, 4, 4]), ones([1, 1, k, k, k]), undefined, { stride, padding }).shape.slice(2),
      ];
      expect(size('same')).toEqual([4 * stride, [4 * stride, 4 * stride, 4 * stride]]);
      const full = 3 * stride + k;
      expect(size('valid')).toEqual([full, [full, full, full]]);
      const line = convTranspose1d(ones([1, 1, 4]), ones([1, 1, k]), undefined, { stride, padding: 'same' });
      const volume = convTranspose3d(ones([1, 1, 4, 1, 1]), ones([1, 1, k, 1, 1]), undefined, {
        stride: [stride, 1, 1],
        padding: 'same',
      });
      expect(volume.data()).toEqual(line.data());
    },
  );
});
