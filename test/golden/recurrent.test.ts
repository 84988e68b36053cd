import { nn, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { type Case, expectClose, type Float, read, toTensor } from './golden.js';

/* Recurrent layers return an output and a state; PyTorch's names of parameters are ours. */

const cases = read('recurrent');
/** Cells of a single step, and outputs smaller than the cells. */
const others = cases.filter(({ name, params }) => name.endsWith('_cell') || 'proj_size' in params);

function layerOf({ params }: Case, dtype: Float): nn.RNN | nn.LSTM | nn.GRU {
  const { kind, input_size, hidden_size, num_layers, bidirectional, batch_first, bias, nonlinearity } = params;
  const options = { numLayers: num_layers, bidirectional, batchFirst: batch_first, bias, dtype };
  if (kind === 'lstm') return new nn.LSTM(input_size, hidden_size, options);
  if (kind === 'gru') return new nn.GRU(input_size, hidden_size, options);
  return new nn.RNN(input_size, hidden_size, { ...options, nonlinearity });
}

function outputsOf(layer: nn.RNN | nn.LSTM | nn.GRU, { x, h0, c0 }: Record<string, Tensor>): Record<string, Tensor> {
  if (layer instanceof nn.LSTM) {
    const [output, [hn, cn]] = layer.forward(x, [h0, c0]);
    return { output, hn, cn };
  }
  const [output, hn] = layer.forward(x, h0);
  return { output, hn };
}

it('every layer is there, and only single steps and projections are not', () => {
  expect(others.map(({ name }) => name)).toEqual(['lstm_6', 'lstm_cell', 'gru_cell', 'rnn_cell']);
  expect(cases.length).toBe(23);
});

describe.each(engines)('recurrent layers on $name', ({ use }) => {
  it.each(cases.filter((recorded) => !others.includes(recorded)))('$name', (recorded) => {
    use();
    for (const float of ['float64', 'float32'] as const) {
      const layer = layerOf(recorded, float);
      const weights = Object.entries(recorded.weights);
      expect([...layer.stateDict().keys()]).toEqual(weights.map(([name]) => name));
      layer.loadStateDict(new Map(weights.map(([name, value]) => [name, toTensor(value, float)])));
      const inputs = Object.fromEntries(
        Object.entries(recorded.inputs).map(([name, value]) => [name, toTensor(value, float).requireGrad()]),
      );
      const outputs = outputsOf(layer, inputs);
      expect(Object.keys(outputs)).toEqual(Object.keys(recorded.outputs));
      const losses = Object.entries(outputs).map(([name, output]): Tensor => {
        expectClose(name, output, recorded.outputs[name], float);
        return output.mul(toTensor(recorded.grad_outputs[name], float)).sum();
      });
      losses.reduce((a, b) => a.add(b)).backward();
      const leaves = new Map([...Object.entries(inputs), ...layer.namedParameters()]);
      for (const [name, gradient] of Object.entries(recorded.grads)) {
        expectClose(`gradient of ${name}`, leaves.get(name)?.grad ?? null, gradient, float);
      }
    }
  });
});
