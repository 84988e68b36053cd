import { concat, lstm, ones, type Tensor } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { type Given, samples, sigmoid, unrolled } from '../../recurrent.js';

function op(x: Tensor, weightIh: Tensor, weightHh: Tensor, ...rest: (Tensor | Given)[]): Tensor {
  const { biases, reverse } = rest.pop() as Given;
  const [biasIh, biasHh] = (biases ? rest.splice(0, 2) : []) as Tensor[];
  const state = rest.length > 0 ? (rest as [Tensor, Tensor]) : undefined;
  const [output, [h, c]] = lstm(x, weightIh, weightHh, { biasIh, biasHh, state, reverse });
  return concat([output, h.unsqueeze(0), c.unsqueeze(0)]);
}

const x = ones([6, 3, 4]);
const weightIh = ones([20, 4]);
const weightHh = ones([20, 5]);

spec('lstm', op, {
  reference: unrolled(({ inputs, states }, [h, c]) => {
    const n = h.length;
    const sum = (gate: number, j: number): number => inputs[gate * n + j] + states[gate * n + j];
    const cells = c.map((c, j) => sigmoid(sum(1, j)) * c + sigmoid(sum(0, j)) * Math.tanh(sum(2, j)));
    return [cells.map((c, j) => sigmoid(sum(3, j)) * Math.tanh(c)), cells];
  }, 2),
  samples: samples(4, 2),
  // Rounding goes on from step to step.
  slack: 4,
  errors: [
    {
      call: () => lstm(ones([6, 4]) as never, weightIh, weightHh),
      says: 'lstm: x must have the axes [steps, batch, in] and at least one step; got [6, 4]; a single sequence needs a batch axis: unsqueeze(1)',
    },
    {
      call: () => lstm(x, weightIh, ones([20, 6])),
      says: 'lstm: weightHh must have the axes [4 · hidden, hidden], none of them empty; got [20, 6]',
    },
    {
      call: () => lstm(x, ones([20, 3]) as never, weightHh),
      says: 'lstm: weightIh must be [20, 4], for weightHh [20, 5] and x [6, 3, 4]; got [20, 3]',
    },
    {
      call: () => lstm(x, weightIh, weightHh, { state: [ones([3, 5]), ones([3, 6])] }),
      says: 'lstm: c0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [20, 5]; got [3, 6]',
    },
    {
      call: () => lstm(x, weightIh, weightHh, { weightHr: ones([2, 5]) as never }),
      says: 'lstm: weightHh must be [20, 2], for weightHr [2, 5]; got [20, 5]',
    },
    {
      call: () => lstm(x, weightIh, ones([20, 2]), { weightHr: ones([5]) as never }),
      says: 'lstm: weightHr must have the axes [proj, hidden]; got [5]',
    },
    {
      call: () => lstm(x, weightIh, ones([20, 2]), { weightHr: ones([2, 5]), state: [ones([3, 2]), ones([3, 2])] }),
      says: 'lstm: c0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHr [2, 5]; got [3, 2]',
    },
  ],
});

/** x, weightIh, weightHh, weightHr, h0, c0 → what comes out, one behind the other. */
function withProjection(...[x, weightIh, weightHh, weightHr, h0, c0, { reverse }]: any[]): Tensor {
  const [output, [h, c]] = lstm(x, weightIh, weightHh, { weightHr, state: h0 && [h0, c0], reverse });
  return concat([output, h, c].map((y) => y.reshape([-1])));
}

spec('lstm with projections', withProjection, {
  reference: ([x, ih, hh, hr, h0, c0], { reverse }) => {
    const [[steps, batch, size], [proj, hidden]] = [x.shape, hr.shape];
    const row = ({ data }: Plain, i: number, n: number): number[] => data.slice(i * n, (i + 1) * n);
    const times = (weight: Plain, v: number[]): number[] =>
      Array.from({ length: weight.shape[0] }, (_, i) =>
        row(weight, i, v.length).reduce((sum, w, k) => sum + w * v[k], 0),
      );
    const outputs: number[][] = [];
    const left: number[][][] = [[], []];
    for (let b = 0; b < batch; b++) {
      let [h, c] = [row(h0, b, proj), row(c0, b, hidden)];
      for (let i = 0; i < steps; i++) {
        const t = reverse ? steps - 1 - i : i;
        const [a, s] = [times(ih, row(x, t * batch + b, size)), times(hh, h)];
        const sum = (gate: number, j: number): number => a[gate * hidden + j] + s[gate * hidden + j];
        c = c.map((c, j) => sigmoid(sum(1, j)) * c + sigmoid(sum(0, j)) * Math.tanh(sum(2, j)));
        h = times(
          hr,
          c.map((c, j) => sigmoid(sum(3, j)) * Math.tanh(c)),
        );
        outputs[t * batch + b] = h;
      }
      left[0].push(h);
      left[1].push(c);
    }
    const data = [outputs, ...left].flat(2);
    return { shape: [data.length], data };
  },
  samples: [
    [2, 2, 3, 3, 2],
    [1, 1, 2, 2, 1],
    [3, 2, 2, 2, 3],
    [2, 0, 3, 3, 2],
  ].map(([steps, batch, size, hidden, proj], i) => ({
    operands: [
      [steps, batch, size],
      [4 * hidden, size],
      [4 * hidden, proj],
      [proj, hidden],
      [batch, proj],
      [batch, hidden],
    ].map((shape) => ({ shape, range: [-1, 1] as [number, number] })),
    args: [{ reverse: i === 2 }],
    smooth: batch > 0,
  })),
  // Rounding goes on from step to step.
  slack: 4,
});
