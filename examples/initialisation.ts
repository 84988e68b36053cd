/*
 * Why initial weights matter: a signal of N(0, 1) goes through a hundred layers of a hundred sigmoid units. Of weights from
 * N(0, 1) the units saturate, and hardly any gradient passes; Xavier's keep the variance from layer to layer. Figures of the
 * activations and of their slopes after every twentieth layer go to runs/initialisation.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { nn, noGrad, randn, seed, sigmoid, type Tensor } from 'adjoint';
import { histogramChart } from 'adjoint/plot';

const layers = 100;
const units = 100;
const examples = 1000;

interface Layer {
  activations: Tensor;
  /** Φ′ = a (1 − a), the factor by which the layer passes gradients on. */
  slopes: Tensor;
}

/** What the layers make of the same signal, where `initialise` draws their weights; there are no biases. */
function propagate(initialise: (weight: Tensor) => unknown): Layer[] {
  seed(1);
  let activations: Tensor = randn([examples, units]);
  return Array.from({ length: layers }, () => {
    const layer = new nn.Linear(units, units, { bias: false });
    initialise(layer.weight);
    activations = noGrad(() => sigmoid(layer.forward(activations)));
    return { activations, slopes: activations.mul(activations.neg().add(1)) };
  });
}

const share = (mask: Tensor): number => mask.to('float32').mean().item();
interface Row {
  layer: number;
  std: number;
  saturated: number;
  slope: number;
}
const shown = [1, 20, 40, 60, 80, 100];
const rows = (stack: readonly Layer[]): Row[] =>
  shown.map((layer) => {
    const { activations, slopes } = stack[layer - 1];
    return {
      layer,
      std: activations.std().item(),
      saturated: share(activations.lt(0.01)) + share(activations.gt(0.99)),
      slope: slopes.mean().item(),
    };
  });

const stacks = {
  'N(0, 1)': propagate((weight) => nn.init.normal(weight)),
  Xavier: propagate((weight) => nn.init.xavierUniform(weight)),
};
for (const [name, stack] of Object.entries(stacks)) {
  console.log(`weights of ${name}: standard deviation, share beyond 0.01 … 0.99, mean slope`);
  for (const { layer, std, saturated, slope } of rows(stack)) {
    console.log(`  layer ${String(layer).padStart(3)}: ${std.toFixed(3)} ${saturated.toFixed(3)} ${slope.toFixed(3)}`);
  }
}

const between = (value: number, low: number, high: number, what: string): void =>
  assert.ok(low <= value && value <= high, `${what}: ${value}, expected ${low} … ${high}`);
for (const { layer, std, saturated, slope } of rows(stacks['N(0, 1)'])) {
  between(std, 0.4, 0.48, `N(0, 1), layer ${layer}, standard deviation`);
  between(saturated, 0.3, 0.66, `N(0, 1), layer ${layer}, saturated`);
  between(slope, 0.035, 0.075, `N(0, 1), layer ${layer}, slope`);
}
for (const { layer, std, saturated, slope } of rows(stacks.Xavier)) {
  between(std, layer === 1 ? 0.2 : 0.1, layer === 1 ? 0.22 : 0.14, `Xavier, layer ${layer}, standard deviation`);
  between(saturated, 0, 1e-4, `Xavier, layer ${layer}, saturated`);
  between(slope, 0.2, 0.25, `Xavier, layer ${layer}, slope`);
}

mkdirSync('runs/initialisation', { recursive: true });
for (const [weights, stack] of Object.entries(stacks)) {
  for (const what of ['activations', 'slopes'] as const) {
    const layers = Object.fromEntries(shown.map((layer) => [`layer ${layer}`, stack[layer - 1][what]]));
    const name = `${weights === 'Xavier' ? 'xavier' : 'normal'}_${what}.svg`;
    writeFileSync(
      `runs/initialisation/${name}`,
      await histogramChart(layers, { title: `${what}, weights of ${weights}` }),
    );
  }
}
console.log('pictures: runs/initialisation/{normal,xavier}_{activations,slopes}.svg');
