import { lpPool1d, lpPool2d, lpPool3d, nn } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('LPPool1d', {
  make: () => new nn.LPPool1d(2, 2, { stride: 1 }),
  inputs: inputs[1],
  equals: (_, x) => lpPool1d(x, { normType: 2, kernelSize: 2, stride: 1 }),
  text: 'LPPool1d(normType=2, kernelSize=2, stride=1)',
  errors: [{ call: () => new nn.LPPool1d(0, 2), says: 'LPPool1d: normType must be a number > 0; got 0' }],
});

moduleSpec('LPPool2d', {
  make: () => new nn.LPPool2d(2, 2, { stride: 1 }),
  inputs: inputs[2],
  equals: (_, x) => lpPool2d(x, { normType: 2, kernelSize: 2, stride: 1 }),
  text: 'LPPool2d(normType=2, kernelSize=2, stride=1)',
  errors: [{ call: () => new nn.LPPool2d(0, 2), says: 'LPPool2d: normType must be a number > 0; got 0' }],
});

moduleSpec('LPPool3d', {
  make: () => new nn.LPPool3d(2, 2, { stride: 1 }),
  inputs: inputs[3],
  equals: (_, x) => lpPool3d(x, { normType: 2, kernelSize: 2, stride: 1 }),
  text: 'LPPool3d(normType=2, kernelSize=2, stride=1)',
  errors: [{ call: () => new nn.LPPool3d(0, 2), says: 'LPPool3d: normType must be a number > 0; got 0' }],
});
