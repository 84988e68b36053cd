import { lstm, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { firstWeights, sequences } from '../../recurrent.js';

moduleSpec('LSTM', {
  make: (options) => new nn.LSTM(2, 3, options),
  inputs: sequences,
  equals: (layer, x) => {
    const [output, states] = lstm(x, ...firstWeights(layer));
    return [output, states.map((state) => state.unsqueeze(0))];
  },
  keepsNothing: false,
  text: 'LSTM(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false)',
});
