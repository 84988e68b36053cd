import {
  add,
  argmax,
  atan,
  avgPool2d,
  batchNorm,
  clone,
  crossEntropy,
  cumsum,
  type DType,
  div,
  eigh,
  erf,
  exp,
  eye,
  fft,
  gather,
  gelu,
  indexAdd,
  indexSelect,
  layerNorm,
  linalg,
  log,
  log1p,
  logSoftmax,
  lt,
  max,
  maximum,
  maxPool2d,
  mul,
  ones,
  optim,
  pow,
  rand,
  randint,
  randn,
  relu,
  scatterAdd,
  sigmoid,
  sin,
  softmax,
  softplus,
  sort,
  sqrt,
  sum,
  type Tensor,
  tanh,
  topK,
  viewAsComplex,
  where,
  zeros,
} from 'adjoint';
import type { Case } from '../group.js';

/* A million elements each. bench/peers/pytorch_elements.py has the same by the same names. */

const million = 1_000_000;
const matrix = [1000, 1000];

/** The call of a case: of tensors that `setup` makes. */
type Setup = () => () => unknown;

const cases: Case[] = [];
let section = '';

/** @param moved  numbers of four bytes that are read and written, at the least */
const bench = (name: string, moved: number, setup: Setup): void =>
  void cases.push({ name, ask: `elements ${name}`, section, bytes: 4 * moved, setup });

/** Elements between 0.1 and 0.9, where every function is at home. */
const within = (shape: readonly number[]): Tensor => rand(shape).mul(0.8).add(0.1) as Tensor;

/** What backward of a result by given tensors costs, none of which has a gradient yet. */
export const backward = (op: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): (() => unknown) => {
  for (const x of inputs) x.requireGrad();
  const y = op(...inputs);
  const dy: Tensor = randn(y.shape);
  return () => {
    for (const x of inputs) x.grad = null;
    y.backward(dy, { retainGraph: true });
  };
};

section = 'elementwise';
const arithmetic: Record<string, (a: Tensor, b: Tensor) => unknown> = { add, mul, div, maximum, pow, lt };
for (const [name, op] of Object.entries(arithmetic)) {
  const moved = name === 'lt' ? 2.25 : 3;
  bench(name, moved * million, () => {
    const [a, b] = [within(matrix), within(matrix)];
    return () => op(a, b);
  });
}
bench('where', 3.25 * million, () => {
  const [a, b] = [rand(matrix) as Tensor, rand(matrix) as Tensor];
  const condition = a.gt(b);
  return () => where(condition, a, b);
});
const curves = { exp, log, log1p, sqrt, sin, atan, tanh, sigmoid, softplus, gelu, erf };
for (const [name, op] of Object.entries({ relu, ...curves })) {
  bench(name, 2 * million, () => {
    const x = within(matrix);
    return () => op(x);
  });
}
for (const [name, op] of Object.entries({ relu, tanh, sigmoid, gelu })) {
  bench(`${name} gradient`, 3 * million, () => backward(op as (x: Tensor) => Tensor, within(matrix)));
}
const broadcast: [name: string, shape: number[], other: number[]][] = [
  ['row', matrix, [1000]],
  ['channels', [32, 64, 22, 22], [64, 1, 1]],
];
for (const [name, shape, other] of broadcast) {
  bench(`add, ${name}`, 2 * million, () => {
    const [a, b] = [rand(shape) as Tensor, rand(other) as Tensor];
    return () => add(a, b);
  });
}
bench('add, transposed', 3 * million, () => {
  const [a, b]: Tensor[] = [rand(matrix), (rand(matrix) as Tensor).transpose(0, 1)];
  return () => add(a, b);
});
bench('relu, transposed', 2 * million, () => {
  const x = (rand(matrix) as Tensor).transpose(0, 1);
  return () => relu(x);
});
for (const dtype of ['float64', 'int32'] as const) {
  bench(`add, ${dtype}`, (dtype === 'float64' ? 6 : 3) * million, () => {
    const [a, b] = [rand(matrix).mul(9).to(dtype), rand(matrix).mul(9).to(dtype)];
    return () => add(a, b);
  });
}

section = 'conversions';
const widths: [DType, words: number][] = [
  ['float64', 2],
  ['bfloat16', 0.5],
  ['int32', 1],
  ['uint8', 0.25],
];
for (const [dtype, words] of widths) {
  for (const [from, to] of [['float32', dtype] as const, [dtype, 'float32'] as const]) {
    bench(`${from} to ${to}`, (1 + words) * million, () => {
      const x: Tensor = rand(matrix).mul(3).to(from);
      return () => x.to(to);
    });
  }
}

section = 'moves';
const moves: [name: string, shape: number[], order: number[]][] = [
  ['copy', matrix, [0, 1]],
  ['transpose [1000, 1000]', matrix, [1, 0]],
  ['NCHW to NHWC [32, 64, 22, 22]', [32, 64, 22, 22], [0, 2, 3, 1]],
  ['NHWC to NCHW [32, 22, 22, 64]', [32, 22, 22, 64], [0, 3, 1, 2]],
  ['NCHW to NHWC [64, 3, 72, 72]', [64, 3, 72, 72], [0, 2, 3, 1]],
  ['NHWC to NCHW [64, 72, 72, 3]', [64, 72, 72, 3], [0, 3, 1, 2]],
  ['heads [16, 128, 8, 64]', [16, 128, 8, 64], [0, 2, 1, 3]],
  ['permute [100, 100, 100] 1, 0, 2', [100, 100, 100], [1, 0, 2]],
];
for (const [name, shape, order] of moves) {
  bench(name, 2 * million, () => {
    const x: Tensor = (rand(shape) as Tensor).permute(order);
    return () => clone(x);
  });
}
bench('slice, every second', million, () => {
  const x = rand(matrix).slice(null, [null, null, 2]) as Tensor;
  return () => clone(x);
});
const positions = (): Tensor<number[], 'int32'> => randint(0, 1000, matrix);
bench('gather, last axis', 3 * million, () => {
  const [x, index] = [randn(matrix) as Tensor, positions()];
  return () => gather(x, 1, index);
});
bench('scatter add, last axis', 5 * million, () => {
  const [x, source, index] = [zeros(matrix) as Tensor, randn(matrix) as Tensor, positions()];
  return () => scatterAdd(x, 1, index, source);
});
for (const [rows, width] of [
  [4000, 256],
  [16_000, 64],
]) {
  const table = (): Tensor => randn([10_000, width]);
  const tokens = (): Tensor<[number], 'int32'> => randint(0, 10_000, [rows]);
  bench(`embedding [${rows}, ${width}]`, 2 * rows * width, () => {
    const [x, index] = [table(), tokens()];
    return () => indexSelect(x, 0, index);
  });
  bench(`embedding gradient [${rows}, ${width}]`, 2 * 10_000 * width + 3 * rows * width, () => {
    const [x, index, dy] = [table(), tokens(), randn([rows, width]) as Tensor];
    return () => indexAdd(x, 0, index, dy);
  });
}

section = 'reductions';
const reductions: Record<string, (x: Tensor, axis?: number) => unknown> = { sum, max, argmax };
const reduced: [name: string, shape: number[], axis?: number][] = [
  ['all', [million]],
  ['last axis [1000, 1000]', matrix, 1],
  ['first axis [1000, 1000]', matrix, 0],
  ['short rows [31250, 32]', [31_250, 32], 1],
];
for (const [kernel, op] of Object.entries(reductions)) {
  for (const [name, shape, axis] of reduced) {
    bench(`${kernel}, ${name}`, million, () => {
      const x: Tensor = randn(shape);
      return () => op(x, axis);
    });
  }
}
for (const [name, shape, axis] of [
  ['last axis [1000, 1000]', matrix, 1],
  ['all', [million], 0],
] as [string, number[], number][]) {
  bench(`cumsum, ${name}`, 2 * million, () => {
    const x: Tensor = randn(shape);
    return () => cumsum(x, axis);
  });
}

section = 'sorting';
bench('sort [1000, 1000]', 3 * million, () => {
  const x: Tensor = randn(matrix);
  return () => sort(x);
});
bench('sort, first axis [1000, 1000]', 3 * million, () => {
  const x: Tensor = randn(matrix);
  return () => sort(x, 0);
});
bench('sort, all', 3 * million, () => {
  const x: Tensor = randn([million]);
  return () => sort(x);
});
for (const k of [10, 100]) {
  bench(`top ${k} [1000, 1000]`, million, () => {
    const x: Tensor = randn(matrix);
    return () => topK(x, k);
  });
}

section = 'linear algebra';
/** Matrices, or those that are positive definite. */
const square = (n: number, ...batch: number[]): Tensor => randn([...batch, n, n]);
const definite = (n: number, ...batch: number[]): Tensor => {
  const a = square(n, ...batch);
  return a.matmul(a.transpose()).div(n).add(eye(n)) as Tensor;
};
for (const n of [256, 512]) {
  bench(`cholesky ${n}`, 2 * n * n, () => {
    const a = definite(n);
    return () => linalg.cholesky(a);
  });
  bench(`qr ${n}`, 3 * n * n, () => {
    const a = square(n);
    return () => linalg.qr(a);
  });
  bench(`solve ${n}`, 3 * n * n, () => {
    const [a, b] = [square(n), square(n)];
    return () => linalg.solve(a, b);
  });
  bench(`svd ${n}`, 3 * n * n, () => {
    const a = square(n);
    return () => linalg.svd(a);
  });
  bench(`eigh ${n}`, 2 * n * n, () => {
    const a = definite(n);
    return () => eigh(a);
  });
}
for (const [count, n] of [
  [1000, 8],
  [64, 64],
]) {
  bench(`cholesky [${count}, ${n}, ${n}]`, 2 * count * n * n, () => {
    const a = definite(n, count);
    return () => linalg.cholesky(a);
  });
  bench(`qr [${count}, ${n}, ${n}]`, 3 * count * n * n, () => {
    const a = square(n, count);
    return () => linalg.qr(a);
  });
  bench(`svd [${count}, ${n}, ${n}]`, 3 * count * n * n, () => {
    const a = square(n, count);
    return () => linalg.svd(a);
  });
  bench(`eigh [${count}, ${n}, ${n}]`, 2 * count * n * n, () => {
    const a = definite(n, count);
    return () => eigh(a);
  });
}

section = 'softmax';
for (const shape of [matrix, [31_250, 32], [32, 100, 312]]) {
  const at = `[${shape.join(', ')}]`;
  for (const [name, op] of Object.entries({ softmax, logSoftmax })) {
    if (name === 'logSoftmax' && shape !== matrix) continue;
    bench(`${name} ${at}`, 2 * million, () => {
      const x: Tensor = randn(shape);
      return () => op(x, 1);
    });
    bench(`${name} gradient ${at}`, 3 * million, () => backward((x) => op(x, 1) as Tensor, randn(shape)));
  }
}
bench('cross entropy [1000, 1000]', million, () => {
  const [x, labels] = [randn(matrix) as Tensor, randint(0, 1000, [1000])];
  return () => crossEntropy(x, labels, { reduction: 'none' });
});
bench('cross entropy gradient [1000, 1000]', 2 * million, () => {
  const labels = randint(0, 1000, [1000]);
  return backward((x) => crossEntropy(x, labels, { reduction: 'none' }) as Tensor, randn(matrix));
});

section = 'norms';
const rows = [4096, 256];
bench('layer norm [4096, 256]', 2 * 4096 * 256, () => {
  const [x, weight, bias]: Tensor[] = [randn(rows), rand([256]), rand([256])];
  return () => layerNorm(x, [256], { weight, bias });
});
bench('layer norm gradient [4096, 256]', 3 * 4096 * 256, () =>
  backward((x, weight, bias) => layerNorm(x, [256], { weight, bias }), randn(rows), ones([256]), zeros([256])),
);
const channels = 64;
const images = [16, channels, 32, 32];
const size = 16 * channels * 32 * 32;
const normalised = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  batchNorm(x, zeros([channels]), ones([channels]), { weight, bias, training: true });
bench('batch norm [16, 64, 32, 32]', 2 * size, () => {
  const [x, weight, bias]: Tensor[] = [randn(images), rand([channels]), rand([channels])];
  const [mean, variance] = [zeros([channels]), ones([channels])];
  return () => batchNorm(x, mean, variance, { weight, bias, training: true });
});
bench('batch norm gradient [16, 64, 32, 32]', 3 * size, () =>
  backward(normalised as (...inputs: Tensor[]) => Tensor, randn(images), ones([channels]), zeros([channels])),
);

section = 'pools';
const pools: [name: string, kernelSize: number, stride: number, padding: number][] = [
  ['2×2', 2, 2, 0],
  ['3×3 stride 2', 3, 2, 1],
  ['3×3 stride 1', 3, 1, 1],
];
for (const [name, kernelSize, stride, padding] of pools) {
  const window = { kernelSize, stride, padding };
  for (const [kind, op] of Object.entries({ max: maxPool2d, average: avgPool2d })) {
    if (kind === 'average' && kernelSize > 2) continue;
    const pool = (x: Tensor): Tensor => op(x as Tensor<[number, number, number, number]>, window);
    const moved = size * (1 + 1 / stride ** 2);
    bench(`${kind} pool ${name}`, moved, () => {
      const x: Tensor = randn(images);
      return () => pool(x);
    });
    bench(`${kind} pool gradient ${name}`, moved, () => backward(pool, randn(images)));
  }
}

section = 'Fourier transforms';
/** Numbers of a shape, complex ones of pairs. */
const signal = (shape: readonly number[], isComplex: boolean, dtype: 'float32' | 'float64'): Tensor =>
  isComplex ? viewAsComplex(randn([...shape, 2], { dtype }) as Tensor) : (randn(shape, { dtype }) as Tensor);
/** What a transform reads and writes, in numbers for an element of the signal. */
const transforms = { fft: 4, ifft: 4, rfft: 2, irfft: 2, fft2: 4, rfft2: 2 };
const signals: { shape: number[]; names: (keyof typeof transforms)[]; axis?: number }[] = [
  { shape: [65536, 16], names: ['fft', 'rfft'] },
  { shape: [16384, 64], names: ['fft', 'rfft'] },
  { shape: [1024, 1024], names: ['fft', 'ifft', 'rfft', 'irfft', 'fft2', 'rfft2'] },
  { shape: [1000, 1000], names: ['fft', 'rfft', 'fft2'] },
  { shape: [680, 1536], names: ['fft', 'rfft'] },
  { shape: [480, 2187], names: ['fft', 'rfft'] },
  { shape: [1000, 1009], names: ['fft', 'rfft'] },
  { shape: [4, 65537], names: ['fft', 'rfft'] },
  { shape: [16, 2 ** 16], names: ['fft', 'rfft'] },
  { shape: [1, 2 ** 12], names: ['fft', 'rfft'] },
  { shape: [1, 2 ** 20], names: ['fft', 'ifft', 'rfft', 'irfft'] },
  { shape: [16, 1024, 64], names: ['fft', 'rfft'], axis: 1 },
  { shape: [256, 64, 64], names: ['fft2', 'rfft2'] },
];
for (const dtype of ['float32', 'float64'] as const) {
  for (const { shape, names, axis = -1 } of signals) {
    const where = `[${shape.join(', ')}]${axis < 0 ? '' : `, axis ${axis}`}${dtype === 'float32' ? '' : `, ${dtype}`}`;
    const words = shape.reduce((product, size) => product * size, dtype === 'float32' ? 1 : 2);
    for (const name of names) {
      const given = name === 'irfft' ? [...shape.slice(0, -1), shape[shape.length - 1] / 2 + 1] : shape;
      bench(`${name} ${where}`, transforms[name] * words, () => {
        const x = signal(given, !name.startsWith('r'), dtype);
        const options = name.endsWith('2') ? {} : { axis };
        return () => fft[name](x, options);
      });
    }
  }
}

section = 'optimisers';
for (const [name, moved, make] of [
  ['SGD, momentum', 5, (p: Tensor) => new optim.SGD([p], { lr: 1e-9, momentum: 0.9 })],
  ['Adam', 7, (p: Tensor) => new optim.Adam([p], { lr: 1e-9 })],
] as const) {
  bench(name, moved * million, () => {
    const p = (randn(matrix) as Tensor).requireGrad();
    p.grad = randn(matrix);
    const optimizer = make(p);
    return () => optimizer.step();
  });
}

export const elementCases: readonly Case[] = cases;
