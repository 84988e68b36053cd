import type { Case } from '../group.js';
import { networks, normalised, vggByWinograd } from '../models.js';
import { convCases } from './conv.js';
import { elementCases } from './elements.js';
import { gemmCases, gemmSizes } from './gemm.js';
import { layerCases } from './layers.js';
import { inference, precisions, training } from './networks.js';
import { overviewCases } from './overview.js';
import { tinyCases } from './tiny.js';

const steps = precisions.flatMap((precision) => networks.map((network) => training(network, precision)));
const passes = precisions.flatMap((precision) => networks.map((network) => inference(network, precision)));
const normalisedPasses = normalised.map((network) => ({ ...inference(network, 'float32'), section: 'batch norm' }));
const inFloat32 = ({ ask }: Case): boolean => ask.endsWith('float32');

/** The cases of every group. */
export const cases = {
  overview: overviewCases,
  gemm: gemmCases,
  conv: convCases,
  training: [...steps, training(vggByWinograd, 'float32', 'training, float32, Winograd')],
  inference: [...passes, inference(vggByWinograd, 'float32', 'inference, float32, Winograd'), ...normalisedPasses],
  elements: [...elementCases, ...layerCases],
  tiny: tinyCases,
  threads: steps.filter(({ ask }) => /(mlp|lenet) float32/.test(ask)),
  scaling: steps.filter(inFloat32),
  sizes: gemmSizes,
  fallback: [...overviewCases, ...passes.filter(inFloat32), ...tinyCases],
} satisfies Record<string, readonly Case[]>;
