import { gru, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { firstWeights, sequences } from '../../recurrent.js';

moduleSpec('GRU', {
  make: (options) => new nn.GRU(2, 3, options),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => {
    const [output, h] = gru(x, ...firstWeights(layer));
    return [output, h.unsqueeze(0)];
  },
  keepsNothing: false,
  text: 'GRU(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false)',
});

moduleSpec('GRU of lecture notes 004, lines 6301–6313', {
  make: (options) => new nn.GRU(2, 3, { zWeights: 'candidate', resetAfter: false, bias: 'single', ...options }),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => {
    const [weightIh, weightHh, biases] = firstWeights(layer);
    const [output, h] = gru(x, weightIh, weightHh, { ...biases, zWeights: 'candidate', resetAfter: false });
    return [output, h.unsqueeze(0)];
  },
  keepsNothing: false,
  text: "GRU(inputSize=2, hiddenSize=3, numLayers=1, bias='single', batchFirst=false, dropout=0, bidirectional=false, zWeights='candidate', resetAfter=false)",
});
