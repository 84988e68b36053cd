import { gru, nn, type Tensor } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GRU', {
  make: (options) => new nn.GRU(2, 3, options),
  inputs: [
    [2, 2, 2],
    [1, 1, 2],
    [2, 0, 2],
  ],
  equals: (layer, x) => {
    const [weightIh, weightHh] = [layer.weightIhL0, layer.weightHhL0] as Tensor[];
    const { biasIhL0: biasIh, biasHhL0: biasHh } = layer;
    const [output, h] = gru(x, weightIh, weightHh, { biasIh, biasHh });
    return [output, h.unsqueeze(0)];
  },
  keepsNothing: false,
  text: 'GRU(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false)',
});
