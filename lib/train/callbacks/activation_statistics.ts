import { checkWhole } from '../../core/check.js';
import { isFloat, widen } from '../../core/dtype.js';
import { sizeOf } from '../../core/shape.js';
import type { Shape } from '../../core/types.js';
import { Hardsigmoid } from '../../nn/activation/hardsigmoid.js';
import { Hardtanh } from '../../nn/activation/hardtanh.js';
import { ScaledTanh } from '../../nn/activation/scaled_tanh.js';
import { Sigmoid } from '../../nn/activation/sigmoid.js';
import { Softsign } from '../../nn/activation/softsign.js';
import { Tanh } from '../../nn/activation/tanh.js';
import type { Module } from '../../nn/module.js';
import { noGrad } from '../../tensor/tape.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Callback } from './callback.js';

/** What a layer gives for the examples that are looked at. */
export interface LayerActivation {
  readonly name: string;
  /** The layer's class. */
  readonly kind: string;
  readonly mean: number;
  /** Standard deviation over all values, with n below the line. */
  readonly deviation: number;
  /** Share of values that are zero. */
  readonly zeros: number;
  /** Share of units (of channels, in images) that are zero for every example: of a ReLU those that no longer learn. */
  readonly dead: number;
  /**
   * Share of values within a hundredth of the range from a bound, where the slope is small: of sigmoid, tanh, scaled tanh,
   * softsign, hardsigmoid and hardtanh; 0 of layers whose values have no two bounds.
   */
  readonly saturated: number;
}

/** The layers after an epoch, in the order in which they ran. */
export interface ActivationRecord {
  readonly epoch: number;
  readonly layers: readonly LayerActivation[];
}

/**
 * Keeps how the values of every layer are spread, and which of its units are dead, after an epoch: for some examples, in
 * evaluation mode. The training step is not looked into, so it stays captured.
 *
 *     const activations = activationStatistics(examples);
 *     await trainer.fit(batches, { epochs: 5, callbacks: [activations] });
 *     activations.records.at(-1)?.layers.filter(({ kind }) => kind === 'ReLU').map(({ dead }) => dead);
 *
 * @param inputs         of the model, [n, …] or several
 * @param options.every  epochs between two records; whole, ≥ 1; default 1
 */
export function activationStatistics(
  inputs: Tensor | readonly Tensor[],
  { every = 1 }: { every?: number } = {},
): Callback & { readonly records: readonly ActivationRecord[] } {
  checkWhole('activationStatistics', 'every', every, 1);
  let records: ActivationRecord[] = [];
  return {
    name: 'activation_statistics',
    get records() {
      return records;
    },
    epoch({ epoch }, run) {
      if (epoch % every !== 0) return;
      records.push({ epoch, layers: layersOf(run.model, inputs instanceof Tensor ? [inputs] : inputs) });
    },
    stateDict: () => records,
    loadStateDict(state: ActivationRecord[]) {
      records = [...state];
    },
  };
}

/** Of the layers that have no layers within them. */
function layersOf(model: Module, inputs: readonly Tensor[]): LayerActivation[] {
  const layers: LayerActivation[] = [];
  const modes = model.modules().map((module) => [module, module.training] as const);
  const releases = model.namedModules().flatMap(([name, module]) =>
    module.children().length > 0
      ? []
      : [
          module.onForward((_module, _inputs, output) => {
            if (output instanceof Tensor && isFloat(output.dtype) && output.size > 0) {
              layers.push({ name, kind: module.constructor.name, ...spreadOf(output, boundsOf(module)) });
            }
          }),
        ],
  );
  try {
    model.eval();
    noGrad(() => model.forward(...inputs));
  } finally {
    for (const release of releases) release();
    for (const [module, training] of modes) module.training = training;
  }
  return layers;
}

/** Between which a layer's values lie. */
function boundsOf(layer: Module): readonly [low: number, high: number] | null {
  if (layer instanceof Sigmoid || layer instanceof Hardsigmoid) return [0, 1];
  if (layer instanceof Tanh || layer instanceof Softsign) return [-1, 1];
  if (layer instanceof ScaledTanh) return [-layer.a, layer.a];
  if (layer instanceof Hardtanh) return [layer.minVal, layer.maxVal];
  return null;
}

function spreadOf(
  output: Tensor,
  bounds: readonly [low: number, high: number] | null,
): Omit<LayerActivation, 'name' | 'kind'> {
  const values = output.detach().to(widen(output.dtype)).data();
  const shape: Shape = output.shape;
  const units = shape[1] ?? 1;
  const inner = sizeOf(shape.slice(2));
  const alive = new Uint8Array(units);
  const [low, high] = bounds ?? [-Infinity, Infinity];
  const edge = bounds === null ? 0 : (high - low) / 100;
  let sum = 0;
  let zeros = 0;
  let saturated = 0;
  values.forEach((value, i) => {
    sum += Number(value);
    if (value < low + edge || value > high - edge) saturated++;
    if (value === 0) zeros++;
    else alive[Math.floor(i / inner) % units] = 1;
  });
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (Number(value) - mean) ** 2;
  const dead = alive.filter((one) => one === 0).length / units;
  const n = values.length;
  return { mean, deviation: Math.sqrt(squares / n), zeros: zeros / n, dead, saturated: saturated / n };
}
