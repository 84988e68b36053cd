// The formulas as plain loops over row-major float64 arrays.
import type { Dense } from './layouts.js';

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** y[…, i, j] = Σ a[…, i, p] · b[…, p, j] + bias, the bias aligned at the right. */
export function naiveMatmul([a, b, bias]: readonly Dense[]): Dense {
  const rank = a.shape.length;
  const [m, k, n] = [a.shape[rank - 2], a.shape[rank - 1], b.shape[rank - 1]];
  const shape = [...a.shape.slice(0, -1), n];
  const values = new Float64Array(size(shape));
  const [biasRows, biasColumns] = bias ? [1, 1, ...bias.shape].slice(-2) : [1, 1];
  for (let batch = 0; batch < size(a.shape.slice(0, -2)); batch++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = bias ? bias.values[(i % biasRows) * biasColumns + (j % biasColumns)] : 0;
        for (let p = 0; p < k; p++) sum += a.values[(batch * m + i) * k + p] * b.values[(batch * k + p) * n + j];
        values[(batch * m + i) * n + j] = sum;
      }
    }
  }
  return { shape, values };
}

type Visit = (y: number, x: number, weight: number, filter: number) => void;

/** Calls visit with the flat indices of every product y += x · w of a convolution. */
function convolve(
  y: readonly number[],
  x: readonly number[],
  weight: readonly number[],
  numbers: readonly number[],
  visit: Visit,
) {
  const [strideH, strideW, padTop, padLeft, dilationH, dilationW, groups] = numbers;
  const [strideD, padFront, dilationD] = y.length === 5 ? numbers.slice(9) : [1, 0, 1];
  const [images, filters, planes, rows, columns] = asVolumes(y);
  const [, all, depth, height, width] = asVolumes(x);
  const [, channels, kernelD, kernelH, kernelW] = asVolumes(weight);
  const outputs = planes * rows * columns;
  const window = channels * kernelD * kernelH * kernelW;
  for (let at = 0; at < images * filters * outputs; at++) {
    const [j, i, k] = [at % columns, Math.floor(at / columns) % rows, Math.floor(at / columns / rows) % planes];
    const [o, n] = [Math.floor(at / outputs) % filters, Math.floor(at / outputs / filters)];
    for (let p = 0; p < window; p++) {
      const [kw, kh] = [p % kernelW, Math.floor(p / kernelW) % kernelH];
      const [kd, c] = [Math.floor(p / kernelW / kernelH) % kernelD, Math.floor(p / kernelW / kernelH / kernelD)];
      const d = k * strideD - padFront + kd * dilationD;
      const h = i * strideH - padTop + kh * dilationH;
      const w = j * strideW - padLeft + kw * dilationW;
      if (d < 0 || d >= depth || h < 0 || h >= height || w < 0 || w >= width) continue;
      const channel = Math.floor(o / (filters / groups)) * channels + c;
      visit(at, (((n * all + channel) * depth + d) * height + h) * width + w, o * window + p, o);
    }
  }
}

/** [n, c, h, w] are volumes of one plane. */
const asVolumes = (shape: readonly number[]): readonly number[] =>
  shape.length === 5 ? shape : [...shape.slice(0, 2), 1, ...shape.slice(2)];

export function naiveConv2d(
  shape: readonly number[],
  x: Dense,
  weight: Dense,
  numbers: readonly number[],
  bias: Dense,
): Dense {
  const plane = size(shape.slice(2));
  const values = Float64Array.from({ length: size(shape) }, (_, i) => bias.values[Math.floor(i / plane) % shape[1]]);
  convolve(shape, x.shape, weight.shape, numbers, (y, at, w) => {
    values[y] += x.values[at] * weight.values[w];
  });
  return { shape, values };
}

export function naiveConv2dInput(
  shape: readonly number[],
  dy: Dense,
  weight: Dense,
  numbers: readonly number[],
): Dense {
  const values = new Float64Array(size(shape));
  convolve(dy.shape, shape, weight.shape, numbers, (y, x, w) => {
    values[x] += dy.values[y] * weight.values[w];
  });
  return { shape, values };
}

export function naiveConv2dWeight(shape: readonly number[], x: Dense, dy: Dense, numbers: readonly number[]): Dense {
  const values = new Float64Array(size(shape));
  convolve(dy.shape, x.shape, shape, numbers, (y, at, w) => {
    values[w] += dy.values[y] * x.values[at];
  });
  return { shape, values };
}

/** The sums of dy over images and outputs. */
export function naiveConv2dBias({ shape: [, filters, ...sizes], values }: Dense): Dense {
  const totals = new Float64Array(filters);
  values.forEach((value, i) => {
    totals[Math.floor(i / size(sizes)) % filters] += value;
  });
  return { shape: [filters], values: totals };
}

/** For output (plane, i, j): its flat index and those of its window's cells that lie in the plane. */
type Windows = (y: number, plane: number, cells: readonly number[], divisor: number) => void;

function windows(
  y: readonly number[],
  x: readonly number[],
  numbers: readonly number[],
  dilation: readonly number[],
  visit: Windows,
) {
  const [kh, kw, strideH, strideW, padTop, padLeft, countPadding = 0, padBottom = 0, padRight = 0] = numbers;
  const [, , height, width] = x;
  for (let plane = 0; plane < y[0] * y[1]; plane++) {
    for (let i = 0; i < y[2]; i++) {
      for (let j = 0; j < y[3]; j++) {
        const cells: number[] = [];
        let padded = 0;
        for (let p = 0; p < kh; p++) {
          for (let q = 0; q < kw; q++) {
            const h = i * strideH - padTop + p * dilation[0];
            const w = j * strideW - padLeft + q * dilation[1];
            if (h < height + padBottom && w < width + padRight) padded++;
            if (h >= 0 && h < height && w >= 0 && w < width) cells.push(h * width + w);
          }
        }
        visit((plane * y[2] + i) * y[3] + j, plane, cells, countPadding ? padded : cells.length);
      }
    }
  }
}

const none = [1, 1];

export const naivePool2d = {
  max(shape: readonly number[], x: Dense, numbers: readonly number[]): Dense[] {
    const values = new Float64Array(size(shape));
    const indices = new Float64Array(size(shape));
    const area = x.shape[2] * x.shape[3];
    windows(shape, x.shape, numbers.slice(0, 6), numbers.slice(6), (y, plane, cells) => {
      let best = cells[0];
      for (const cell of cells) {
        const [value, sofar] = [x.values[plane * area + cell], x.values[plane * area + best]];
        if (value > sofar || Number.isNaN(value)) best = cell;
      }
      values[y] = x.values[plane * area + best];
      indices[y] = best;
    });
    return [
      { shape, values },
      { shape, values: indices },
    ];
  },

  maxInput(shape: readonly number[], dy: Dense, indices: Dense): Dense {
    const values = new Float64Array(size(shape));
    const [area, outputs] = [shape[2] * shape[3], dy.shape[2] * dy.shape[3]];
    dy.values.forEach((value, i) => {
      values[Math.floor(i / outputs) * area + indices.values[i]] += value;
    });
    return { shape, values };
  },

  average(shape: readonly number[], x: Dense, numbers: readonly number[]): Dense {
    const values = new Float64Array(size(shape));
    const area = x.shape[2] * x.shape[3];
    windows(shape, x.shape, numbers, none, (y, plane, cells, divisor) => {
      for (const cell of cells) values[y] += x.values[plane * area + cell] / divisor;
    });
    return { shape, values };
  },

  averageInput(shape: readonly number[], dy: Dense, numbers: readonly number[]): Dense {
    const values = new Float64Array(size(shape));
    const area = shape[2] * shape[3];
    windows(dy.shape, shape, numbers, none, (y, plane, cells, divisor) => {
      for (const cell of cells) values[plane * area + cell] += dy.values[y] / divisor;
    });
    return { shape, values };
  },
};
