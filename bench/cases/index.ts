import type { Case } from '../group.js';
import { networks } from '../models.js';
import { convCases } from './conv.js';
import { elementCases } from './elements.js';
import { gemmCases, gemmSizes } from './gemm.js';
import { inference, training } from './networks.js';
import { overviewCases } from './overview.js';
import { tinyCases } from './tiny.js';

const steps = networks.map(training);
const named = (...names: string[]): Case[] => networks.filter(({ ask }) => names.includes(ask)).map(training);

/** The cases of every group. */
export const cases = {
  overview: overviewCases,
  gemm: gemmCases,
  conv: convCases,
  training: steps,
  inference: networks.map(inference),
  elements: elementCases,
  tiny: tinyCases,
  threads: named('mlp', 'lenet'),
  scaling: steps,
  sizes: gemmSizes,
  fallback: [...overviewCases, ...networks.map(inference), ...tinyCases],
} satisfies Record<string, readonly Case[]>;
