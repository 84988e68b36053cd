import { concat, type GruOptions, gru, ones, type Tensor } from 'adjoint';
import { type Plain, spec } from '../../harness.js';
import { type Given, sample, samples, sigmoid, unrolled } from '../../recurrent.js';

type Form = Pick<GruOptions, 'zWeights' | 'resetAfter'>;

function op(x: Tensor, weightIh: Tensor, weightHh: Tensor, ...rest: (Tensor | Given)[]): Tensor {
  const { biases, reverse, zWeights, resetAfter } = rest.pop() as Given & Form;
  const [biasIh, biasHh] = (biases ? rest.splice(0, 2) : []) as Tensor[];
  const [h0] = rest as Tensor[];
  const [output, h] = gru(x, weightIh, weightHh, { biasIh, biasHh, h0, reverse, zWeights, resetAfter });
  return concat([output, h.unsqueeze(0)]);
}

const x = ones([6, 3, 4]);
const weightIh = ones([15, 4]);
const weightHh = ones([15, 5]);

spec('gru', op, {
  // Without a first state its product with a weight, which is 0 or NaN, is left out.
  extremes: 'where both are finite',
  reference: unrolled(({ inputs, states }, [h]) => {
    const n = h.length;
    return [
      h.map((h, j) => {
        const r = sigmoid(inputs[j] + states[j]);
        const z = sigmoid(inputs[n + j] + states[n + j]);
        return (1 - z) * Math.tanh(inputs[2 * n + j] + r * states[2 * n + j]) + z * h;
      }),
    ];
  }, 1),
  samples: samples(3, 1),
  // Rounding goes on from step to step.
  slack: 4,
  errors: [
    {
      call: () => gru(x, weightIh, weightHh, { zWeights: 'h' as never }),
      says: "gru: zWeights must be 'state' or 'candidate'; got 'h'",
    },
    {
      call: () => gru(x, weightIh, ones([15]) as never),
      says: 'gru: weightHh must have the axes [3 · hidden, hidden], none of them empty; got [15]',
    },
    {
      call: () => gru(x, weightIh, weightHh, { biasIh: ones([15]), biasHh: ones([5]) }),
      says: 'gru: biasHh must be [15], the first axis of weightHh [15, 5]; got [5]',
    },
    {
      call: () => gru(x, weightIh, weightHh, { h0: ones([2, 5]) }),
      says: 'gru: h0 must be [3, 5], the batch of x [6, 3, 4] and the last axis of weightHh [15, 5]; got [2, 5]',
    },
  ],
});

/** r and z as in the op; what they weigh by the form. */
const formed = (operands: Plain[], given: Given & Form): Plain => {
  const { zWeights = 'state', resetAfter = true } = given;
  const [{ data: weights }, bias] = [operands[2], given.biases ? operands[4].data : undefined];
  return unrolled(({ inputs, states }, [h]) => {
    const n = h.length;
    const reset = h.map((_, j) => sigmoid(inputs[j] + states[j]));
    return [
      h.map((before, j) => {
        const inner = h.reduce(
          (sum, value, k) => sum + weights[(2 * n + j) * n + k] * reset[k] * value,
          bias?.[2 * n + j] ?? 0,
        );
        const z = sigmoid(inputs[n + j] + states[n + j]);
        const v = Math.tanh(inputs[2 * n + j] + (resetAfter ? reset[j] * states[2 * n + j] : inner));
        return zWeights === 'state' ? (1 - z) * v + z * before : z * v + (1 - z) * before;
      }),
    ];
  }, 1)(operands, given);
};

spec('gru of other forms', op, {
  reference: formed,
  samples: [
    { zWeights: 'candidate', resetAfter: false },
    { zWeights: 'candidate', resetAfter: true },
    { zWeights: 'state', resetAfter: false },
  ].flatMap((form, i) => [
    sample(3, [3, 2, 2, 3], { biases: true, state: 1, ...form }),
    sample(3, [2, 2, 3, 2], { biases: false, state: 0, reverse: i === 0, ...form }, false),
    sample(3, [2, 0, 3, 2], { biases: true, state: 1, ...form }, false),
  ]),
  // Rounding goes on from step to step.
  slack: 4,
});
