import {
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
  nn,
} from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('GlobalAveragePool1d', {
  make: () => new nn.GlobalAveragePool1d(),
  inputs: inputs[1],
  equals: (_, x) => globalAveragePool1d(x),
  text: 'GlobalAveragePool1d()',
});

moduleSpec('GlobalAveragePool2d', {
  make: () => new nn.GlobalAveragePool2d(),
  inputs: inputs[2],
  equals: (_, x) => globalAveragePool2d(x),
  text: 'GlobalAveragePool2d()',
});

moduleSpec('GlobalAveragePool3d', {
  make: () => new nn.GlobalAveragePool3d(),
  inputs: inputs[3],
  equals: (_, x) => globalAveragePool3d(x),
  text: 'GlobalAveragePool3d()',
});

moduleSpec('GlobalMaxPool1d', {
  make: () => new nn.GlobalMaxPool1d(),
  inputs: inputs[1],
  equals: (_, x) => globalMaxPool1d(x),
  text: 'GlobalMaxPool1d()',
});

moduleSpec('GlobalMaxPool2d', {
  make: () => new nn.GlobalMaxPool2d(),
  inputs: inputs[2],
  equals: (_, x) => globalMaxPool2d(x),
  text: 'GlobalMaxPool2d()',
});

moduleSpec('GlobalMaxPool3d', {
  make: () => new nn.GlobalMaxPool3d(),
  inputs: inputs[3],
  equals: (_, x) => globalMaxPool3d(x),
  text: 'GlobalMaxPool3d()',
});
