import { type DType, ones, rand, randint, randn, type Tensor, zeros } from 'adjoint';
import { run } from '../lib/backend/index.js';

/** A kernel call with its results in place: a name that bench/kernels.py shares, and the bytes that it must move. */
export interface KernelCase {
  name: string;
  /** Bytes of operands and results, each element once. */
  bytes: number;
  call: () => void;
}

type Views = readonly Tensor[];
type Setup = () => [kernel: string, views: Views, numbers?: readonly number[]];

const cases: { name: string; setup: Setup }[] = [];
const add = (name: string, setup: Setup): void => void cases.push({ name, setup });

const N = 1_000_000;
const half = (shape: readonly number[]): Tensor => rand(shape).mul(0.8).add(0.1) as Tensor;
const out = (shape: readonly number[], dtype: DType = 'float32'): Tensor => zeros(shape, { dtype }) as Tensor;
const like = (x: Tensor, dtype: DType = x.dtype): Tensor => out(x.shape, dtype);
const matrix = [1000, 1000];

/* Elementwise. */

const unary = [
  ...['neg', 'abs', 'sign', 'square', 'relu', 'exp', 'expm1', 'log', 'log1p', 'log2', 'sqrt', 'rsqrt', 'reciprocal'],
  ...['floor', 'ceil', 'round', 'trunc', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'],
  ...['atanh', 'asinh', 'erf', 'sigmoid', 'softplus'],
];
for (const kernel of unary) add(kernel, () => [kernel, [out([N]), half([N])]]);
add('acosh', () => ['acosh', [out([N]), half([N]).add(1)]]);
for (const [name, tanh] of [
  ['gelu', 0],
  ['gelu tanh', 1],
] as const) {
  add(name, () => ['gelu', [out([N]), randn([N])], [tanh]]);
  add(`${name} gradient`, () => ['geluGradient', [out([N]), randn([N]), randn([N])], [tanh]]);
}
for (const kernel of ['tanh', 'sigmoid', 'relu']) {
  add(`${kernel} gradient`, () => [`${kernel}Gradient`, [out([N]), randn([N]), half([N])]]);
}
for (const n of [10, 100, 1000, 10_000, 100_000]) {
  add(`add ${n}`, () => ['add', [out([n]), rand([n]), rand([n])]]);
  add(`relu ${n}`, () => ['relu', [out([n]), rand([n])]]);
  add(`exp ${n}`, () => ['exp', [out([n]), rand([n])]]);
  add(`sum ${n}`, () => ['sum', [out([1]), rand([n])]]);
  add(`softmax [${n / 10}, 10]`, () => ['softmax', [out([n / 10, 10, 1]), randn([n / 10, 10, 1])]]);
}

for (const kernel of ['add', 'sub', 'mul', 'div', 'pow', 'atan2', 'maximum', 'minimum']) {
  add(kernel, () => [kernel, [out([N]), half([N]), half([N])]]);
}
add('add, row', () => ['add', [out(matrix), rand(matrix), rand([1000])]]);
add('add, column', () => ['add', [out(matrix), rand(matrix), rand([1000, 1])]]);
add('add, scalar', () => ['add', [out(matrix), rand(matrix), rand([])]]);
add('add, channels', () => ['add', [out([32, 64, 22, 22]), rand([32, 64, 22, 22]), rand([64, 1, 1])]]);
add('add, transposed', () => ['add', [out(matrix), rand(matrix), rand(matrix).transpose()]]);
add('add, both transposed', () => ['add', [out(matrix), rand(matrix).transpose(), rand(matrix).transpose()]]);
add('mul, row', () => ['mul', [out(matrix), rand(matrix), rand([1000])]]);
add('div, column', () => ['div', [out(matrix), rand(matrix), half([1000, 1])]]);
add('relu, transposed', () => ['relu', [out(matrix), rand(matrix).transpose()]]);
add('add, float64', () => ['add', [out([N], 'float64'), rand([N]).to('float64'), rand([N]).to('float64')]]);
add('add, int32', () => ['add', [out([N], 'int32'), randint(0, 9, [N]), randint(0, 9, [N])]]);
for (const kernel of ['eq', 'lt', 'ge']) add(kernel, () => [kernel, [out([N], 'bool'), rand([N]), rand([N])]]);
add('gt, scalar', () => ['gt', [out([N], 'bool'), rand([N]), rand([])]]);
add('where', () => ['where', [out([N]), rand([N]).gt(0.5), rand([N]), rand([N])]]);
add('where, scalar', () => ['where', [out([N]), rand([N]).gt(0.5), rand([N]), zeros([])]]);
add('clamp min', () => ['maximum', [out([N]), rand([N]), rand([])]]);

/* Copies. */

add('copy', () => ['copy', [out([N]), rand([N])]]);
add('fill', () => ['fill', [out([N])], [1]]);
const dtypes: DType[] = ['float64', 'bfloat16', 'int32', 'uint8', 'bool'];
for (const dtype of dtypes) {
  add(`float32 to ${dtype}`, () => ['copy', [out([N], dtype), rand([N]).mul(3)]]);
  add(`${dtype} to float32`, () => ['copy', [out([N]), rand([N]).mul(3).to(dtype)]]);
}
const layouts: [string, number[], number[]][] = [
  ['transpose [1000, 1000]', matrix, [1, 0]],
  ['transpose [1024, 1024]', [1024, 1024], [1, 0]],
  ['transpose [100000, 10]', [100_000, 10], [1, 0]],
  ['transpose [10, 100000]', [10, 100_000], [1, 0]],
  ['transpose [20000, 50]', [20_000, 50], [1, 0]],
  ['NCHW to NHWC [32, 64, 22, 22]', [32, 64, 22, 22], [0, 2, 3, 1]],
  ['NHWC to NCHW [32, 22, 22, 64]', [32, 22, 22, 64], [0, 3, 1, 2]],
  ['NCHW to NHWC [64, 3, 72, 72]', [64, 3, 72, 72], [0, 2, 3, 1]],
  ['NHWC to NCHW [64, 72, 72, 3]', [64, 72, 72, 3], [0, 3, 1, 2]],
  ['heads [16, 128, 8, 64]', [16, 128, 8, 64], [0, 2, 1, 3]],
  ['permute [100, 100, 100] 2, 1, 0', [100, 100, 100], [2, 1, 0]],
  ['permute [100, 100, 100] 1, 2, 0', [100, 100, 100], [1, 2, 0]],
  ['permute [100, 100, 100] 1, 0, 2', [100, 100, 100], [1, 0, 2]],
];
for (const [name, shape, order] of layouts) {
  add(name, () => {
    const x: Tensor = rand(shape).permute(order);
    return ['copy', [like(x), x]];
  });
}
add('concat, last axis', () => ['copy', [out([1000, 2000]).slice(null, [0, 1000]) as Tensor, rand(matrix)]]);
add('slice, every second', () => ['copy', [out([1000, 500]), rand(matrix).slice(null, [null, null, 2])]]);

/* Reductions. */

const reductions: [string, number[], number[]][] = [
  ['all', [N], [1]],
  ['last axis [1000, 1000]', matrix, [1000, 1]],
  ['first axis [1000, 1000]', matrix, [1, 1000]],
  ['middle axis [100, 100, 100]', [100, 100, 100], [100, 1, 100]],
  ['channels [32, 64, 22, 22]', [32, 64, 22, 22], [1, 64, 1, 1]],
  ['planes [32, 64, 22, 22]', [32, 64, 22, 22], [32, 64, 1, 1]],
  ['batch [128, 10]', [128, 10], [1, 10]],
  ...[3, 10, 16, 31, 32, 63, 64, 100].map((n): [string, number[], number[]] => {
    const rows = Math.floor(N / n);
    return [`short last axis [${rows}, ${n}]`, [rows, n], [rows, 1]];
  }),
  ['short first axis [10, 100000]', [10, 100_000], [1, 100_000]],
  ['long first axis [100000, 10]', [100_000, 10], [1, 10]],
  ['long rows [4, 250000]', [4, 250_000], [4, 1]],
];
for (const [name, shape, kept] of reductions) {
  for (const kernel of ['sum', 'max', 'argmax']) {
    add(`${kernel}, ${name}`, () => [kernel, [out(kept, kernel === 'argmax' ? 'int32' : 'float32'), randn(shape)]]);
  }
}
add('min, all', () => ['min', [out([1]), randn([N])]]);
add('any, all', () => ['max', [out([1], 'bool'), randn([N]).gt(9)]]);
add('all, last axis [1000, 1000]', () => ['min', [out([1000, 1], 'bool'), randn(matrix).gt(-9)]]);
add('sum, float64', () => ['sum', [out([1], 'float64'), randn([N]).to('float64')]]);
for (const [name, shape, axis] of [
  ['cumsum, last axis [1000, 1000]', matrix, 1],
  ['cumsum, first axis [1000, 1000]', matrix, 0],
  ['cumsum, all', [N], 0],
] as [string, number[], number][]) {
  add(name, () => ['cumsum', [out(shape), randn(shape)], [axis, 0]]);
}

/* Softmax and cross entropy. */

const softmaxes: number[][] = [
  ...[10, 16, 24, 31, 32, 48, 63, 64, 100].map((n) => [Math.floor(N / n), n, 1]),
  [1000, 1000, 1],
  [30, 32768, 1],
  [32, 100, 312],
  [100, 10, 1000],
];
for (const shape of softmaxes) {
  const at = `[${shape.join(', ')}]`;
  add(`softmax ${at}`, () => ['softmax', [out(shape), randn(shape)]]);
  add(`softmax gradient ${at}`, () => ['softmaxGradient', [out(shape), randn(shape), half(shape)]]);
  add(`logSoftmax ${at}`, () => ['logSoftmax', [out(shape), randn(shape)]]);
  add(`logSoftmax gradient ${at}`, () => ['logSoftmaxGradient', [out(shape), randn(shape), half(shape).mul(-1)]]);
}
for (const [rows, classes] of [
  [128, 10],
  [10_000, 100],
  [1000, 1000],
  [30, 32_768],
]) {
  const at = `[${rows}, ${classes}]`;
  const labels = (): Tensor => randint(0, classes, [rows]);
  const x = (): Tensor => randn([rows, classes, 1]);
  add(`cross entropy ${at}`, () => [
    'crossEntropy',
    [out([rows]), out([rows]), out([rows]), x(), labels(), ones([classes])],
    [-100, 0],
  ]);
  add(`cross entropy gradient ${at}`, () => [
    'crossEntropyGradient',
    [out([rows, classes, 1]), ones([rows]), ones([rows]), ones([rows]).mul(7), x(), labels(), ones([classes])],
    [-100, 0],
  ]);
}

/* Normalisation. */

for (const [n, c, plane] of [
  [32, 64, 1024],
  [32, 64, 484],
  [128, 256, 49],
  [4096, 256, 1],
]) {
  const shape = [n, c, plane];
  const at = `[${shape.join(', ')}]`;
  add(`batch norm ${at}`, () => [
    'batchNorm',
    [out(shape), out([c]), out([c]), randn(shape), ones([c]), ones([c])],
    [1e-5],
  ]);
  add(`batch norm gradient ${at}`, () => [
    'batchNormGradient',
    [out(shape), out([c]), out([c]), randn(shape), randn(shape), zeros([c]), ones([c]), ones([c])],
    [1e-5],
  ]);
}
for (const [rows, n] of [
  [2048, 256],
  [1000, 1000],
  [4096, 64],
  [20_000, 50],
  [1300, 768],
]) {
  const shape = [rows, n];
  const at = `[${shape.join(', ')}]`;
  add(`layer norm ${at}`, () => [
    'layerNorm',
    [out(shape), out([rows]), out([rows]), randn(shape), ones([n]), ones([n])],
    [1e-5],
  ]);
  add(`layer norm gradient ${at}`, () => [
    'layerNormGradient',
    [out(shape), out([n]), out([n]), randn(shape), randn(shape), zeros([rows]), ones([rows]), ones([n])],
  ]);
}

/* Pooling. */

type Pool = [name: string, kernel: number, stride: number, pad: number];
const pools: Pool[] = [
  ['2×2 s2', 2, 2, 0],
  ['3×3 s2 p1', 3, 2, 1],
  ['3×3 s1 p1', 3, 1, 1],
  ['5×5 s3', 5, 3, 0],
];
for (const [name, k, stride, pad] of pools) {
  for (const size of [32, 22]) {
    const [n, c] = [32, 64];
    const at = `${name} [${n}, ${c}, ${size}, ${size}]`;
    const o = Math.floor((size + 2 * pad - k) / stride) + 1;
    const [x, y] = [
      [n, c, size, size],
      [n, c, o, o],
    ];
    const window = [k, k, stride, stride, pad, pad];
    const indices = (): Tensor => {
      const found = out(y, 'int32');
      run('maxPool2d', [out(y), found, randn(x)], [...window, 1, 1]);
      return found;
    };
    add(`max pool ${at}`, () => ['maxPool2d', [out(y), out(y, 'int32'), randn(x)], [...window, 1, 1]]);
    add(`max pool gradient ${at}`, () => ['maxPool2dInput', [out(x), randn(y), indices()]]);
    add(`average pool ${at}`, () => ['avgPool2d', [out(y), randn(x)], [...window, 1, pad, pad]]);
    add(`average pool gradient ${at}`, () => ['avgPool2dInput', [out(x), randn(y)], [...window, 1, pad, pad]]);
  }
}

/* Indices and random numbers. */

for (const [rows, dim] of [
  [4000, 256],
  [16_000, 64],
]) {
  const index = (): Tensor => randint(0, 10_000, [rows]);
  add(`embedding [${rows}, ${dim}]`, () => ['indexSelect', [out([rows, dim]), randn([10_000, dim]), index()], [0]]);
  add(`embedding gradient [${rows}, ${dim}]`, () => [
    'indexAdd',
    [out([10_000, dim]), index(), randn([rows, dim])],
    [0],
  ]);
}
add('gather, last axis', () => ['gather', [out(matrix), randn(matrix), randint(0, 1000, matrix)], [1]]);
add('scatter add, last axis', () => ['scatterAdd', [out(matrix), randint(0, 1000, matrix), randn(matrix)], [1]]);
add('gather, first axis', () => ['gather', [out(matrix), randn(matrix), randint(0, 1000, matrix)], [0]]);
add('uniform', () => ['uniform', [out([N])], [1, 0, 0, 1]]);
add('normal', () => ['normal', [out([N])], [1, 0, 0, 1]]);
add('bernoulli', () => ['bernoulli', [out([N], 'bool')], [1, 0, 0.5]]);

/* Optimisers. */

for (const n of [100, N]) {
  const state = (count: number): Tensor[] => [randn([n]), ...Array.from({ length: count }, () => out([n])), randn([n])];
  add(`SGD ${n}`, () => ['sgdStep', state(0), [1e-9, 0, 1, 0, 0, 0]]);
  add(`SGD, momentum ${n}`, () => ['sgdStep', state(1), [1e-9, 0.9, 1, 0, 0, 0]]);
  add(`Adam ${n}`, () => ['adamStep', state(2), [1e-9, 1, 0.9, 0.999, 1e-8, 0, 1, 0]]);
}

/** The cases whose names contain the text; each makes its tensors when it is asked for its call. */
export const kernelCases = (only: string): { name: string; setup: () => KernelCase }[] =>
  cases
    .filter(({ name }) => name.includes(only))
    .map(({ name, setup }) => ({
      name,
      setup: () => {
        const [kernel, views, numbers = []] = setup();
        const bytes = views.reduce((sum, { size, storage }) => sum + size * storage.data.BYTES_PER_ELEMENT, 0);
        return { name, bytes, call: () => run(kernel, views, numbers) };
      },
    }));
