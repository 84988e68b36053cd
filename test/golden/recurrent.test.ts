import { nn, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { type Case, expectClose, type Float, read, toTensor } from './golden.js';

/* Recurrent layers return an output and a state, cells a state; PyTorch's names of parameters are ours. */

const cases = read('recurrent');
/** Sequences of different lengths, made by packed.py beside this file. */
const ragged = read('packed');

type Recurrent = nn.RNN | nn.LSTM | nn.GRU;
type Cell = nn.RNNCell | nn.LSTMCell | nn.GRUCell;
type Named = Record<string, Tensor>;

function layerOf({ params, inputs, weights }: Case, dtype: Float): Recurrent | Cell {
  const { kind, num_layers, bidirectional, batch_first, bias, nonlinearity, proj_size } = params;
  const [inputSize, hiddenSize] = [inputs['x'].shape, (inputs['c0'] ?? inputs['h0']).shape].map((shape) =>
    shape.at(-1),
  );
  const sizes = [inputSize as number, hiddenSize as number] as const;
  if (kind === 'lstm_cell') return new nn.LSTMCell(...sizes, { dtype });
  if (kind === 'gru_cell') return new nn.GRUCell(...sizes, { dtype });
  if (kind === 'rnn_cell') return new nn.RNNCell(...sizes, { dtype });
  expect(Object.keys(weights).some((name) => name.startsWith('weight_hr'))).toBe(proj_size !== undefined);
  const options = { numLayers: num_layers, bidirectional, batchFirst: batch_first, bias, dtype };
  if (kind === 'lstm') return new nn.LSTM(...sizes, { ...options, projSize: proj_size });
  if (kind === 'gru') return new nn.GRU(...sizes, options);
  return new nn.RNN(...sizes, { ...options, nonlinearity });
}

function outputsOf(layer: Recurrent | Cell, { x, h0, c0 }: Named): Named {
  if (layer instanceof nn.LSTMCell) {
    const [h, c] = layer.forward(x, [h0, c0]);
    return { h, c };
  }
  if (layer instanceof nn.GRUCell || layer instanceof nn.RNNCell) return { h: layer.forward(x, h0) };
  if (layer instanceof nn.LSTM) {
    const [output, [hn, cn]] = layer.forward(x, [h0, c0]);
    return { output, hn, cn };
  }
  const [output, hn] = layer.forward(x, h0);
  return { output, hn };
}

/** Packs x, and pads what comes of it with what PyTorch was told. */
function packedOutputsOf(lengths: number[]) {
  return (layer: Recurrent, { x, h0, c0 }: Named): Named => {
    const packed = nn.packPaddedSequence(x, lengths, { enforceSorted: false });
    const [output, left] =
      layer instanceof nn.LSTM ? layer.forward(packed, [h0, c0]) : (layer as nn.GRU).forward(packed, h0);
    const [padded, counts] = nn.padPackedSequence(output, { paddingValue: 0.5 });
    expect([...counts.data()]).toEqual(lengths);
    const states = Array.isArray(left) ? { hn: left[0], cn: left[1] } : { hn: left };
    return { output: padded, ...states };
  };
}

function compare(recorded: Case, float: Float, forward: (layer: any, inputs: Named) => Named): void {
  const layer = layerOf(recorded, float);
  const weights = Object.entries(recorded.weights);
  expect([...layer.stateDict().keys()]).toEqual(weights.map(([name]) => name));
  layer.loadStateDict(new Map(weights.map(([name, value]) => [name, toTensor(value, float)])));
  const inputs = Object.fromEntries(
    Object.entries(recorded.inputs).map(([name, value]) => [name, toTensor(value, float).requireGrad()]),
  );
  const outputs = forward(layer, inputs);
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

it('there are as many cases as were recorded', () => {
  expect([cases.length, ragged.length]).toEqual([23, 5]);
});

describe.each(engines)('recurrent layers on $name', ({ use }) => {
  it.each(cases)('$name', (recorded) => {
    use();
    for (const float of ['float64', 'float32'] as const) compare(recorded, float, outputsOf);
  });

  it.each(ragged)('packed $name', (recorded) => {
    use();
    const { lengths, batch_sizes, sorted } = recorded.params;
    for (const float of ['float64', 'float32'] as const) compare(recorded, float, packedOutputsOf(lengths));
    const x = toTensor(recorded.inputs['x'], 'float64');
    const packed = nn.packPaddedSequence(x, lengths, { enforceSorted: false });
    expect([...packed.batchSizes.data()]).toEqual(batch_sizes);
    expect([...packed.data.data()]).toEqual((recorded as any).packed.data.data);
    // Which of two sequences of one length comes first is not said; each is back where it was.
    expect([...packed.sortedIndices.data()].map((i) => lengths[i])).toEqual(sorted.map((i: number) => lengths[i]));
    expect([...packed.unsortedIndices.data()].map((i) => packed.sortedIndices.data()[i])).toEqual([...lengths.keys()]);
  });
});
