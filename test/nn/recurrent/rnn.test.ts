import { nn, randn, relu, rnn, sigmoid, type Tensor } from 'adjoint';
import { expect, it } from 'vitest';
import { moduleSpec } from '../../module_spec.js';
import { firstWeights, sequences } from '../../recurrent.js';

/** The op with the layer's weights. */
const recur = (layer: nn.RNN, x: Tensor, nonlinearity: 'relu' | ((sum: Tensor) => Tensor)): Tensor[] => {
  const [weightIh, weightHh, biases] = firstWeights(layer);
  const [output, h] = rnn(x, weightIh, weightHh, { ...biases, nonlinearity });
  return [output, h.unsqueeze(0)];
};

moduleSpec('RNN', {
  make: (options) => new nn.RNN(2, 3, { nonlinearity: 'relu', ...options }),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => recur(layer, x, 'relu'),
  keepsNothing: false,
  text: "RNN(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false, nonlinearity='relu')",
  errors: [{ call: () => new nn.RNN(3, 0), says: 'RNN: hiddenSize must be a whole number ≥ 1; got 0' }],
});

moduleSpec('RNN with a layer for its nonlinearity', {
  make: (options) => new nn.RNN(2, 2, { nonlinearity: new nn.Sigmoid(), bias: false, ...options }),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => recur(layer, x, sigmoid),
  keepsNothing: false,
  text: [
    'RNN(',
    '  inputSize=2, hiddenSize=2, numLayers=1, bias=false, batchFirst=false, dropout=0, bidirectional=false',
    '  (nonlinearity): Sigmoid()',
    ')',
  ].join('\n'),
});

it('an RNN of a function is the one of its name', () => {
  const named = new nn.RNN(2, 3, { nonlinearity: 'relu', bidirectional: true });
  const other = new nn.RNN(2, 3, { nonlinearity: relu, bidirectional: true });
  other.loadStateDict(named.stateDict());
  const x = randn([4, 2, 2]);
  expect(other.forward(x)[0].data()).toEqual(named.forward(x)[0].data());
  expect(`${other}`).toMatch(/nonlinearity=relu\)$/);
});
