import { tanh } from 'adjoint';
import { elementwise, spec, unarySamples } from '../harness.js';

spec('tanh', tanh, { reference: elementwise(Math.tanh), samples: unarySamples() });
