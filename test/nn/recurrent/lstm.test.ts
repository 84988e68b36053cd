import { lstm, nn, stack } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { firstWeights, sequences } from '../../recurrent.js';

moduleSpec('LSTM', {
  make: (options) => new nn.LSTM(2, 3, options),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => {
    const [output, states] = lstm(x, ...firstWeights(layer));
    return [output, states.map((state) => state.unsqueeze(0))];
  },
  keepsNothing: false,
  text: 'LSTM(inputSize=2, hiddenSize=3, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false)',
});

moduleSpec('LSTM with projections, merged directions and a learned state', {
  make: (options) =>
    new nn.LSTM(2, 3, { projSize: 2, bidirectional: true, merge: 'mul', learnState: true, bias: 'single', ...options }),
  inputs: sequences,
  examples: 1,
  equals: (layer, x) => {
    const ways = [0, 1].map((way) => {
      const end = way === 0 ? 'L0' : 'L0Reverse';
      const batch = x.shape[1];
      return lstm(x, layer[`weightIh${end}`], layer[`weightHh${end}`], {
        biasIh: layer[`biasIh${end}`],
        weightHr: layer[`weightHr${end}`],
        state: [layer.h0!.slice(way).expand([batch, 2]), layer.c0!.slice(way).expand([batch, 3])],
        reverse: way === 1,
      });
    });
    const [[first, [h, c]], [second, [k, d]]] = ways;
    return [first.mul(second), stack([h, k]), stack([c, d])];
  },
  keepsNothing: false,
  text: "LSTM(inputSize=2, hiddenSize=3, numLayers=1, bias='single', batchFirst=false, dropout=0, bidirectional=true, merge='mul', projSize=2)",
});
