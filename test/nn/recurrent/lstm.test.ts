import { lstm, nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('LSTM', {
  make: (options) => new nn.LSTM(2, 3, options),
  inputs: [
    [2, 2, 2],
    [1, 1, 2],
    [2, 0, 2],
  ],
  equals: (layer, x) => {
    const [weightIh, weightHh] = [layer.weightIhL0, layer.weightHhL0] as Tensor[];
    const { biasIhL0: biasIh, biasHhL0: biasHh } = layer;
    const [output, states] = lstm(x, weightIh, weightHh, { biasIh, biasHh });
    return [output, states.map((state) => state.unsqueeze(0))];
  },
  keepsNothing: false,
  text: 'LSTM(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false)',
});
