import { checkWhole, given } from '../../core/check.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Callback } from './callback.js';

/** A parameter after a step. */
export interface ParameterGradient {
  readonly name: string;
  /** √Σ g² of the gradient that the step used. */
  readonly norm: number;
  /** √Σ θ² of the parameter after the step. */
  readonly weightNorm: number;
  /** Share of entries that are zero: of units that learn nothing. */
  readonly zeros: number;
}

/** All parameters with a gradient after a step, in the model's order: from the input to the output. */
export interface GradientRecord {
  readonly step: number;
  readonly parameters: readonly ParameterGradient[];
}

/**
 * Keeps the norm of every parameter's gradient, by which vanishing and exploding gradients show: the norms of a net's
 * weights against their depth.
 *
 *     const gradients = gradientStatistics({ every: 100 });
 *     await trainer.fit(batches, { epochs: 5, callbacks: [gradients] });
 *     gradients.records.at(-1)?.parameters.map(({ norm }) => norm);
 *
 * @param options.every  steps between two records; whole, ≥ 1; default 1
 */
export function gradientStatistics(options: { every?: number } = {}): Callback & {
  readonly records: readonly GradientRecord[];
} {
  const { every = 1 } = given(options);
  checkWhole('gradientStatistics', 'every', every, 1);
  let records: GradientRecord[] = [];
  return {
    name: 'gradient_statistics',
    get records() {
      return records;
    },
    step({ step }, run) {
      if (step % every !== 0) return;
      const parameters = run.model.namedParameters().flatMap(([name, parameter]): ParameterGradient[] => {
        const { grad } = parameter;
        if (grad === null) return [];
        const { norm, zeros } = sizeOf(grad);
        return [{ name, norm, weightNorm: sizeOf(parameter).norm, zeros }];
      });
      records.push({ step, parameters });
    },
    stateDict: () => records,
    loadStateDict(state: GradientRecord[]) {
      records = [...state];
    },
  };
}

function sizeOf(x: Tensor): { norm: number; zeros: number } {
  const values = x.detach().data();
  let squares = 0;
  let zeros = 0;
  for (const value of values) {
    squares += Number(value) ** 2;
    if (value === 0) zeros++;
  }
  return { norm: Math.sqrt(squares), zeros: zeros / values.length };
}
