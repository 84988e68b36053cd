import type { nn, Tensor } from 'adjoint';
import type { Plain, Sample } from './harness.js';

/* The recurrent ops' tests in common: samples that every one of them must take, and the loop over steps. */

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** What a recurrent op is given beside its tensors: which of the optional ones there are. */
export interface Given {
  biases: boolean;
  /** How many tensors make the state before the first step. */
  state: number;
  reverse?: boolean;
  nonlinearity?: 'tanh' | 'relu';
}

/** A sample of x, weightIh, weightHh, [biasIh, biasHh], [h0, [c0]]. */
export function sample(
  gates: number,
  [steps, batch, size, hidden]: readonly [number, number, number, number],
  given: Given,
  smooth = true,
): Sample {
  const rows = gates * hidden;
  const range: [number, number] = [-1, 1];
  // Sums over hidden elements keep their size.
  const small: [number, number] = [-2 / Math.sqrt(hidden + 3), 2 / Math.sqrt(hidden + 3)];
  return {
    operands: [
      { shape: [steps, batch, size], range },
      { shape: [rows, size], range: small },
      { shape: [rows, hidden], range: small },
      ...(given.biases ? [{ shape: [rows] }, { shape: [rows] }] : []),
      ...Array.from({ length: given.state }, () => ({ shape: [batch, hidden], range })),
    ],
    args: [given],
    smooth,
  };
}

/** Few and many rows, units beyond a tile; with and without what is optional; both directions. */
export const samples = (gates: number, state: number): Sample[] => {
  const all: Given = { biases: true, state };
  const none: Given = { biases: false, state: 0 };
  return [
    sample(gates, [2, 1, 1, 1], none),
    sample(gates, [3, 2, 3, 2], all),
    sample(gates, [3, 2, 2, 3], { ...all, reverse: true }),
    sample(gates, [2, 3, 2, 2], { ...none, reverse: true }),
    sample(gates, [1, 2, 2, 3], all),
    sample(gates, [1, 1, 2, 3], none),
    sample(gates, [2, 0, 3, 2], all, false),
    // The inputs' sums of several steps in one product, and at the end of fewer.
    sample(gates, [8, 9, 3, 5], all, false),
    sample(gates, [8, 9, 3, 5], { ...all, reverse: true }, false),
    sample(gates, [3, 31, 5, 37], all, false),
    sample(gates, [3, 31, 5, 37], { ...none, reverse: true }, false),
  ];
};

/** One row's step: from the sums of its inputs (with both biases), and of its state alone where a layer needs them apart. */
export type Cell = (sums: { inputs: number[]; states: number[] }, state: number[][]) => number[][];

/** Outputs of all steps and what is left of every state, one after the other as rows: [steps · batch + states · batch, hidden]. */
export function unrolled(cell: Cell, states: number): (operands: Plain[], given: Given) => Plain {
  return ([x, weightIh, weightHh, ...rest], { biases, state, reverse = false }) => {
    const [steps, batch, size] = x.shape;
    const [rows, hidden] = weightHh.shape;
    const [biasIh, biasHh] = biases ? rest : [];
    const first = rest.slice(biases ? 2 : 0);
    const outputs: number[][] = Array.from({ length: (steps + states) * batch }, () => []);
    const sums = (weight: Plain, bias: Plain | undefined, from: number[]): number[] =>
      Array.from({ length: rows }, (_, i) =>
        from.reduce((sum, value, j) => sum + weight.data[i * from.length + j] * value, bias?.data[i] ?? 0),
      );
    for (let b = 0; b < batch; b++) {
      let current = Array.from({ length: states }, (_, s) =>
        state > 0 ? first[s].data.slice(b * hidden, (b + 1) * hidden) : new Array<number>(hidden).fill(0),
      );
      for (let i = 0; i < steps; i++) {
        const t = reverse ? steps - 1 - i : i;
        const input = x.data.slice((t * batch + b) * size, (t * batch + b + 1) * size);
        current = cell({ inputs: sums(weightIh, biasIh, input), states: sums(weightHh, biasHh, current[0]) }, current);
        outputs[t * batch + b] = current[0];
      }
      current.forEach((values, s) => {
        outputs[(steps + s) * batch + b] = values;
      });
    }
    return { shape: [steps + states, batch, hidden], data: outputs.flat() };
  };
}

/** Inputs [steps, batch, 2] that the specs of layers take. */
export const sequences: number[][] = [
  [2, 2, 2],
  [1, 1, 2],
  [2, 0, 2],
];

/** The first layer's weights and biases as the ops take them. */
export const firstWeights = (layer: nn.RNN | nn.LSTM | nn.GRU) =>
  [layer.weightIhL0 as Tensor, layer.weightHhL0 as Tensor, { biasIh: layer.biasIhL0, biasHh: layer.biasHhL0 }] as const;
