import { conv2d, convTranspose2d, Generator, matmul, ones, randn, type Tensor, tensor, toeplitz } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { build } from '../../axes.js';
import { engines, expectClose, type Plain, type Sample, spec } from '../../harness.js';
import { convolution, type WindowOptions } from '../../windows.js';

const matrix = ([w]: Plain[], size: number[], options: WindowOptions = {}): Plain => {
  const elements = size.reduce((product, n) => product * n, 1);
  const columns = Array.from({ length: elements }, (_, j) => {
    const data = new Array(elements).fill(0).with(j, 1);
    return convolution([{ shape: [1, ...size], data }, w], options).data;
  });
  return build([columns[0].length, elements], ([i, j]) => columns[j][i]);
};
const sample = (w: number[], size: number[], options: object = {}): Sample => ({
  operands: [{ shape: w }],
  args: [size, options],
});

spec('toeplitz', toeplitz, {
  reference: matrix,
  samples: [
    sample([2, 1, 2], [1, 3]),
    sample([1, 2, 2, 2], [2, 3, 2], { padding: 1 }),
    sample([2, 1, 2, 1], [2, 3, 2], { groups: 2, stride: 2 }),
    sample([1, 1, 2, 1, 2], [1, 2, 2, 2]),
  ],
  errors: [
    {
      call: () => toeplitz(ones([1, 1, 3, 3]), [4, 4]),
      says: 'toeplitz: size must be [channels, …] with the 2 axes of space of weight [1, 1, 3, 3]; got [4, 4]',
    },
  ],
});

describe.each(engines)('the matrix of a convolution on $name', ({ use }) => {
  it('is that of lecture notes 000, lines 799–815, and its transpose that of the transposed convolution', () => {
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
    const k = toeplitz(kernel, [1, 4, 4]);
    expect(k.toArray()).toEqual([
      [1, 2, 3, 0, 3, 4, 2, 0, 2, 1, 1, 0, 0, 0, 0, 0],
      [0, 1, 2, 3, 0, 3, 4, 2, 0, 2, 1, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 2, 3, 0, 3, 4, 2, 0, 2, 1, 1, 0],
      [0, 0, 0, 0, 0, 1, 2, 3, 0, 3, 4, 2, 0, 2, 1, 1],
    ]);
    const image = tensor([0, 1, 2, 3, 4, 5, 4, 4, 6, 5, 7, 1, 1, 2, 2, 8]);
    expect(matmul(k, image).toArray()).toEqual([72, 71, 84, 84]);
    const spread = matmul(k.transpose(), tensor([1, 2, 3, 1])) as Tensor;
    expect(spread.reshape([1, 1, 4, 4]).toArray()).toEqual(
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
    );
  });

  it('is that of a polynomial, lecture notes 003, lines 1013–1023, either way round', () => {
    use();
    const options = { padding: 'full', flip: true } as const;
    const t = toeplitz(tensor([[[1, 2, 3]]]), [1, 4], options);
    expect(t.toArray()).toEqual([
      [1, 0, 0, 0],
      [2, 1, 0, 0],
      [3, 2, 1, 0],
      [0, 3, 2, 1],
      [0, 0, 3, 2],
      [0, 0, 0, 3],
    ]);
    expect(matmul(t, tensor([4, 5, 6, 7])).toArray()).toEqual([4, 13, 28, 34, 32, 21]);
    const commuted = toeplitz(tensor([[[4, 5, 6, 7]]]), [1, 3], options);
    expect(commuted.shape).toEqual([6, 3]);
    expect(matmul(commuted, tensor([1, 2, 3])).toArray()).toEqual([4, 13, 28, 34, 32, 21]);
  });

  it('is solved by deconvolution, the true inverse, lecture notes 003, line 963', () => {
    use();
    const t = toeplitz(tensor([[[4, 5, 6, 7]]]), [1, 3], { padding: 'full', flip: true }).toArray() as number[][];
    const product = [4, 13, 28, 34, 32, 21];
    // The first rows are a triangle with the kernel's first element on the diagonal: forward substitution.
    const factor: number[] = [];
    for (let i = 0; i < 3; i++) {
      const known = factor.reduce((sum, value, j) => sum + t[i][j] * value, 0);
      factor.push((product[i] - known) / t[i][i]);
    }
    expect(factor).toEqual([1, 2, 3]);
  });

  it('times the image is the convolution that needs no matrix', () => {
    use();
    const options = {
      stride: [2, 1],
      padding: [
        [1, 0],
        [2, 1],
      ],
      dilation: [1, 2],
      groups: 2,
    } as const;
    const random = (shape: number[], seed: number): Tensor =>
      randn(shape, { generator: new Generator(seed), dtype: 'float64' }) as Tensor;
    const [x, w] = [random([1, 4, 5, 6], 1), random([6, 2, 3, 2], 2)];
    const y = conv2d(x as never, w as never, undefined, options as never);
    const product = matmul(toeplitz(w, [4, 5, 6], options as never), x.reshape([120])) as Tensor;
    expectClose(y, { shape: y.shape, data: [...product.data()] }, { slack: 4 });
  });
});
