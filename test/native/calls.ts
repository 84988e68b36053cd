import type { ElementwiseFunction } from '../../lib/backend/native.js';
import { dtypes as allDTypes, type DType } from '../../lib/core/dtype.js';

/* Every kernel, in calls that reach whole vectors, what is left over after them, and more than one row. */

/** A view to be made, and what its elements are. */
export interface Operand {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Numbers from −2 to 2, from ½ to 2, from −⅕ to ⅕, or whole ones from 0 to below this. Integers are from −9, or 0, to 9. */
  readonly values: 'any' | 'positive' | 'small' | number;
  /** It has to lie in row-major order, without gaps. */
  readonly dense?: true;
}

export interface KernelCall {
  readonly kernel: string;
  /** Results first. */
  readonly views: readonly Operand[];
  readonly numbers: readonly number[];
}

type Shape = readonly number[];

const of =
  (dtype: DType) =>
  (shape: Shape, values: Operand['values'] = 'any'): Operand => ({ dtype, shape, values });
const [bool, int32] = [of('bool'), of('int32')];

const floats: readonly DType[] = ['float32', 'float64'];
const numbers: readonly DType[] = ['int32', ...floats];
const ordered: readonly DType[] = ['bool', 'uint8', ...numbers];

/** A call for each of the kernels that are named, and of the dtypes. */
const each = (names: string, dtypes: readonly DType[], views: (dtype: DType) => Operand[], numbers: number[] = []) =>
  names.split(' ').flatMap((kernel) => dtypes.map((dtype): KernelCall => ({ kernel, views: views(dtype), numbers })));

/** Two vectors and a rest of the widest instruction set, three times. */
const [wide, column, row]: Shape[] = [[3, 41], [3, 1], [41]];

/** The dtypes that `native/elementwise.inc` names. */
const dtypesOf: Readonly<Record<string, readonly DType[]>> = {
  Numbers: numbers,
  Ordered: ordered,
  Floats: floats,
  Curves: floats,
};
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

function elementwise(functions: readonly ElementwiseFunction[]): KernelCall[] {
  const codeOf = (wanted: string): number => functions.findIndex(({ name }) => name === wanted);
  const shapes: [Shape, Shape][] = [
    [wide, wide],
    [wide, column],
    [row, wide],
  ];
  const unary = functions.flatMap(({ name, sources, types }) =>
    sources === 1 ? each(name, dtypesOf[types], (t) => [of(t)(wide), of(t)(wide)]) : [],
  );
  const binary = functions.flatMap(({ name, sources, types }): KernelCall[] => {
    if (sources !== 2) return [];
    const result = (dtype: DType): DType => (comparisons.includes(name) ? 'bool' : dtype);
    return shapes.flatMap(([a, b]) =>
      each(name, dtypesOf[types], (t) => {
        if (name !== 'pow') return [of(result(t))(wide), of(t)(a), of(t)(b)];
        return t === 'int32' ? [int32(wide), int32(a), int32(b, 5)] : [of(t)(wide), of(t)(a, 'positive'), of(t)(b)];
      }),
    );
  });
  return [
    ...unary,
    ...binary,
    ...shapes.flatMap(([a, b]) => [
      ...each('where', allDTypes, (t) => [of(t)(wide), bool(column), of(t)(a), of(t)(b)]),
      // tanh(relu(a · b) + a)
      ...each('chain', floats, (t) => [of(t)(wide), of(t)(a), of(t)(b)], [
        ...[1, 2, 4],
        ...[codeOf('mul'), 2, 0, 1, -1],
        ...[codeOf('relu'), 2, 2, -1, -1],
        ...[codeOf('add'), 3, 2, 0, -1],
        ...[codeOf('tanh'), 4, 3, -1, -1],
        4,
      ]),
    ]),
    ...allDTypes.flatMap((from) => each('copy', allDTypes, (to) => [of(to)(wide), of(from)(wide, 'positive')])),
    ...each('fill', allDTypes, (dtype) => [of(dtype)(wide)], [1]),
    ...each('findOutside', ['uint8', ...numbers], (dtype) => [of(dtype)(wide)], [0, 1.9, 3]),
  ];
}

function products(): KernelCall[] {
  const sizes: [m: number, n: number, k: number][] = [
    [19, 37, 23],
    [3, 5, 70],
    [31, 1, 40],
    [1, 33, 9],
  ];
  const halves: [DType, DType, DType][] = [
    ['float32', 'bfloat16', 'bfloat16'],
    ['bfloat16', 'float32', 'bfloat16'],
  ];
  return sizes.flatMap(([m, n, k]): KernelCall[] => [
    ...each('matmul', numbers, (t) => [of(t)([2, m, n]), of(t)([2, m, k]), of(t)([2, k, n]), of(t)([n])]),
    ...each(
      'matmul',
      floats,
      (t) => [of(t)([2, m, n]), of(t)([2, m, k]), of(t)([2, k, n]), of(t)([n]), of(t)([2, m, n])],
      [0, 0, 1],
    ),
    ...each(
      'matmul',
      floats,
      (t) => [of(t)([m, 96]), of(t)([m, k]), { ...of(t)([3, k, 32]), dense: true }, of(t)([96])],
      [0, 0, 0, 1],
    ),
    ...halves.map(([y, a, b]): KernelCall => {
      return { kernel: 'matmul', views: [of(y)([2, m, n]), of(a)([2, m, k]), of(b)([2, k, n])], numbers: [0, 1] };
    }),
  ]);
}

interface Window {
  x: Shape;
  w: Shape;
  y: Shape;
  numbers: number[];
}

function convolutions(): KernelCall[] {
  const windows: Window[] = [
    { x: [2, 5, 9, 19], w: [7, 5, 3, 3], y: [2, 7, 9, 19], numbers: [1, 1, 1, 1, 1, 1, 1] },
    { x: [2, 20, 8, 17], w: [18, 10, 3, 2], y: [2, 18, 4, 8], numbers: [2, 2, 1, 0, 1, 2, 2] },
    { x: [2, 6, 7, 18], w: [6, 1, 3, 3], y: [2, 6, 7, 18], numbers: [1, 1, 1, 1, 1, 1, 6] },
    { x: [2, 17, 5, 7], w: [33, 17, 1, 1], y: [2, 33, 5, 7], numbers: [1, 1, 0, 0, 1, 1, 1] },
  ];
  const [{ x, w, y, numbers }] = windows;
  const winograd = [
    ...each('conv2dWinograd', ['float32'], (t) => [of(t)(y), of(t)(x), of(t)(w), of(t)([w[0]])], numbers),
    ...each('conv2dInputWinograd', ['float32'], (t) => [of(t)(x), of(t)(y), of(t)(w)], numbers),
  ];
  const direct = windows.flatMap(({ x, w, y, numbers }) => {
    const rounding = [...numbers, 0, 1];
    const calls = (dtypes: readonly DType[], numbers: number[]) => [
      ...each('conv2d', dtypes, (t) => [of(t)(y), of(t)(x), of(t)(w), of(t)([w[0]])], numbers),
      ...each('conv2dInput', dtypes, (t) => [of(t)(x), of(t)(y), of(t)(w)], numbers),
      ...each('conv2dWeight', dtypes, (t) => [of(t)(w), of(t)(x), of(t)(y)], numbers),
    ];
    return [...calls(floats, numbers), ...calls(['float32'], rounding)];
  });
  return [...direct, ...winograd];
}

function pools(): KernelCall[] {
  const windows: [x: Shape, y: Shape, numbers: number[]][] = [
    [
      [2, 3, 8, 38],
      [2, 3, 4, 19],
      [2, 2, 2, 2, 0, 0],
    ],
    [
      [2, 3, 9, 21],
      [2, 3, 9, 21],
      [3, 3, 1, 1, 1, 1],
    ],
  ];
  return windows.flatMap(([x, y, window]) => [
    ...each('maxPool2d', floats, (t) => [of(t)(y), int32(y), of(t)(x)], [...window, 1, 1]),
    ...each('maxPool2dInput', floats, (t) => [of(t)(x), of(t)(y), int32(y, x[2] * x[3])]),
    ...each('avgPool2d', floats, (t) => [of(t)(y), of(t)(x)], [...window, 1, window[4], window[5]]),
    ...each('avgPool2dInput', floats, (t) => [of(t)(x), of(t)(y)], [...window, 0, window[4], window[5]]),
  ]);
}

function reductions(): KernelCall[] {
  const shapes: [x: Shape, y: Shape][] = [
    [
      [3, 411],
      [3, 1],
    ],
    [
      [43, 41],
      [1, 41],
    ],
    [
      [3, 70, 5],
      [3, 1, 5],
    ],
    [
      [7, 3, 9],
      [1, 3, 1],
    ],
    [
      [5, 141],
      [1, 1],
    ],
  ];
  return [
    ...shapes.flatMap(([x, y]) => [
      ...each('sum', floats, (t) => [of(t)(y), of(t)(x)]),
      ...each('max min', ordered, (t) => [of(t)(y), of(t)(x)]),
      ...each('argmax argmin', ordered, (t) => [int32(y), of(t)(x)]),
    ]),
    ...[0, 1].flatMap((axis) => each('cumsum', numbers, (t) => [of(t)(wide), of(t)(wide)], [axis, 1 - axis])),
  ];
}

function picks(): KernelCall[] {
  return [
    ...each('gather', allDTypes, (t) => [of(t)(wide), of(t)([7, 41]), int32(wide, 7)], [0]),
    ...each('gather', allDTypes, (t) => [of(t)(wide), of(t)([3, 9]), int32(wide, 9)], [1]),
    ...each('indexSelect', allDTypes, (t) => [of(t)(wide), of(t)([7, 41]), int32([3], 7)], [0]),
    ...each('indexSelect', allDTypes, (t) => [of(t)(wide), of(t)([3, 9]), int32([41], 9)], [1]),
    ...each('scatterAdd', numbers, (t) => [of(t)([7, 41]), int32(wide, 7), of(t)(wide)], [0]),
    ...each('scatterAdd', numbers, (t) => [of(t)([3, 9]), int32(wide, 9), of(t)(wide)], [1]),
    ...each('indexAdd', numbers, (t) => [of(t)([7, 41]), int32([3], 7), of(t)(wide)], [0]),
    ...each('indexAdd', numbers, (t) => [of(t)([3, 9]), int32([41], 9), of(t)(wide)], [1]),
  ];
}

function recurrent(): KernelCall[] {
  const [steps, batch, width, n] = [4, 5, 11, 19];
  return [0, 1].flatMap((reverse) => {
    const layer = (t: DType) => {
      const all = (count: number) => of(t)([steps, batch, count * n]);
      // Small, or roundings grow from step to step.
      const own = (gates: number) => of(t)([gates * n, n], 'small');
      const gates = (count: number) => of(t)([steps, batch, count * n], 'small');
      const inputs = (gates: number) => {
        return [of(t)([steps, batch, width]), of(t)([gates * n, width]), own(gates), of(t)([gates * n])];
      };
      return { all, own, gates, inputs, state: of(t)([batch, n]), below: of(t)([steps + 1, batch, n]) };
    };
    type Views = (views: ReturnType<typeof layer>, t: DType) => Operand[];
    const calls = (kernel: string, views: Views, numbers: number[]) =>
      each(kernel, floats, (t) => views(layer(t), t), [reverse, ...numbers]);
    return [
      ...calls('rnn', ({ all, inputs, state }) => [all(1), ...inputs(1), state], [0, 0]),
      ...calls('rnnGradient', ({ all, own, state }) => [all(1), state, all(1), all(1), own(1)], [0, 0]),
      ...calls('lstm', ({ all, inputs, state, below }) => [below, all(4), all(1), ...inputs(4), state, state], [0]),
      ...calls(
        'lstmGradient',
        ({ all, own, gates, state, below }) => [all(4), state, state, below, gates(4), all(1), own(4), state],
        [0],
      ),
      ...calls(
        'gru',
        ({ all, inputs, state }, t) => [all(1), all(3), all(1), of(t)([3 * n]), ...inputs(3), state],
        [0],
      ),
      ...calls(
        'gruGradient',
        ({ all, own, gates, state }) => [all(3), all(3), state, all(1), gates(3), all(1), all(1), own(3), state],
        [0],
      ),
    ];
  });
}

/** Kernels whose views, all of them, lie in row-major order. */
function ofRows(): KernelCall[] {
  const lines: Shape[] = [
    [3, 41, 1],
    [2, 19, 21],
  ];
  const random = [12_345_678_901, 2 ** 32 - 3];
  const calls = [
    ...lines.flatMap((x) => {
      const samples = [x[0], x[2]];
      const statistics = (t: DType) => [of(t)(samples), of(t)(samples)];
      const labels = int32(samples, x[1]);
      return [
        ...each('softmax logSoftmax', floats, (t) => [of(t)(x), of(t)(x)]),
        ...each('softmaxGradient logSoftmaxGradient', floats, (t) => [of(t)(x), of(t)(x), of(t)(x)]),
        ...each(
          'crossEntropy',
          floats,
          (t) => [of(t)(samples), ...statistics(t), of(t)(x), labels, of(t)([x[1]], 'positive')],
          [-1, 0.1],
        ),
        ...each(
          'crossEntropyGradient',
          floats,
          (t) => [of(t)(x), of(t)(samples), ...statistics(t), of(t)(x), labels, of(t)([x[1]], 'positive')],
          [-1, 0.1],
        ),
      ];
    }),
    ...(
      [
        [4, 5, 41],
        [9, 41, 1],
      ] as Shape[]
    ).flatMap((x) => {
      const channels = (t: DType) => of(t)([x[1]]);
      return [
        ...each(
          'batchNorm',
          floats,
          (t) => [of(t)(x), channels(t), channels(t), of(t)(x), channels(t), channels(t)],
          [1e-5],
        ),
        ...each(
          'batchNormGradient',
          floats,
          (t) => [
            of(t)(x),
            channels(t),
            channels(t),
            of(t)(x),
            of(t)(x),
            channels(t),
            of(t)([x[1]], 'positive'),
            channels(t),
          ],
          [1e-5],
        ),
      ];
    }),
    ...each(
      'layerNorm',
      floats,
      (t) => [of(t)(wide), of(t)([3]), of(t)([3]), of(t)(wide), of(t)(row), of(t)(row)],
      [1e-5],
    ),
    ...each('layerNormGradient', floats, (t) => [
      ...[
        of(t)(wide),
        of(t)(row),
        of(t)(row),
        of(t)(wide),
        of(t)(wide),
        of(t)([3]),
        of(t)([3], 'positive'),
        of(t)(row),
      ],
    ]),
    ...each(
      'groupNorm',
      floats,
      (t) => [of(t)([3, 2, 4, 21]), of(t)([6]), of(t)([6]), of(t)([3, 2, 4, 21]), of(t)([8]), of(t)([8])],
      [1e-5],
    ),
    ...each('groupNormGradient', floats, (t) => {
      const x = of(t)([3, 2, 4, 21]);
      return [x, of(t)([8]), of(t)([8]), x, x, of(t)([6]), of(t)([6], 'positive'), of(t)([8])];
    }),
    ...each('uniform', floats, (t) => [of(t)(wide)], [...random, -1, 3]),
    ...each('normal', floats, (t) => [of(t)(wide)], [...random, 1, 2]),
    ...each('bernoulli', ['bool'], () => [bool(wide)], [...random, 0.3]),
    ...each('randint', ['int32'], () => [int32(wide)], [...random, -1000, 2e9]),
    ...each('eigh', floats, (t) => [of(t)([2, 7]), of(t)([2, 7, 7]), of(t)([2, 7, 7])]),
    ...each('peak', ['float32'], () => [of('float32')([384])], [3]),
    ...recurrent(),
  ];
  return calls.map((call) => ({ ...call, views: call.views.map((view) => ({ ...view, dense: true as const })) }));
}

function attention(): KernelCall[] {
  const [queries, keys, width, values] = [13, 21, 9, 7];
  const dense = (operand: Operand): Operand => ({ ...operand, dense: true });
  const masks = (t: DType) => [[], [bool([2, queries, keys])], [of(t)([2, queries, keys])]];
  return [0, 1].flatMap((causal) =>
    [0, 1, 2].flatMap((mask) => {
      const [y, q, k, v] = [
        [2, queries, values],
        [2, queries, width],
        [2, keys, width],
        [2, keys, values],
      ];
      const given = (t: DType) => [of(t)(q), of(t)(k), of(t)(v), ...masks(t)[mask]];
      const statistics = (t: DType) => dense(of(t)([2, queries, 2], 'positive'));
      const options = [0.3, causal, 0.2, 1, 2];
      return [
        ...each('attention', floats, (t) => [dense(of(t)(y)), statistics(t), ...given(t)], options),
        ...each(
          'attentionGradient',
          floats,
          (t) => [...[q, k, v].map((x) => dense(of(t)(x))), of(t)(y), dense(of(t)(y)), statistics(t), ...given(t)],
          options,
        ),
      ];
    }),
  );
}

const optimizers = (): KernelCall[] => [
  ...each('sgdStep', floats, (t) => [of(t)(wide), of(t)(wide), of(t)(wide)], [0.1, 0.9, 0.9, 1, 0.01, 0]),
  ...each('sgdStep', floats, (t) => [of(t)(wide), of(t)(wide)], [0.1, 0, 1, 0, 0.01, 0]),
  ...each(
    'adamStep',
    floats,
    (t) => [of(t)(wide), of(t)(wide), of(t)(wide, 'positive'), of(t)(wide, 'positive'), of(t)(wide)],
    [0.01, 0.9, 0.9, 0.99, 0.1, 0.01, 0.99, 0],
  ),
];

/** @param functions  of elements, in the order of their codes */
export const kernelCalls = (functions: readonly ElementwiseFunction[]): KernelCall[] => [
  ...elementwise(functions),
  ...products(),
  ...convolutions(),
  ...pools(),
  ...reductions(),
  ...picks(),
  ...ofRows(),
  ...attention(),
  ...optimizers(),
];
