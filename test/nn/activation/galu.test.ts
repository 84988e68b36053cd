import { galu, nn } from 'adjoint';
import { hats } from '../../channels.js';
import { moduleSpec } from '../../module_spec.js';

moduleSpec('GaLU', {
  ...hats(nn.GaLU),
  equals: ({ weight }, x) => galu(x, weight, { maxInput: 0.8 }),
  text: 'GaLU(numChannels=3, maxInput=0.8)',
});
