import { checkArray } from '../../core/check.js';
import { FormatError, ValueError } from '../../core/errors.js';
import type { ColumnTransform } from './transform.js';

/**
 * Transforms one after the other; each is fitted on what those before it give.
 *
 *     new Pipeline([new Imputer(), new StandardScaler(), new PCA({ components: 2 })])
 *
 * @throws ValueError "Pipeline: there must be a step; got none"
 */
export class Pipeline<X = any, Y = any> implements ColumnTransform<X, Y> {
  readonly steps: readonly ColumnTransform[];

  constructor(steps: readonly ColumnTransform[]) {
    checkArray('Pipeline', 'steps', steps);
    if (steps.length === 0) throw new ValueError('Pipeline: there must be a step; got none');
    this.steps = steps;
  }

  get takes(): 'features' | 'labels' {
    return this.steps[0].takes;
  }

  fit(x: X): this {
    this.fitTransform(x);
    return this;
  }

  transform(x: X): Y {
    return this.steps.reduce<any>((x, step) => step.transform(x), x);
  }

  /** `fit` and `transform`. */
  fitTransform(x: X): Y {
    return this.steps.reduce<any>((x, step) => step.fit(x).transform(x), x);
  }

  inverse(y: Y): X {
    return this.steps.reduceRight<any>((y, step) => step.inverse(y), y);
  }

  stateDict(): unknown[] {
    return this.steps.map((step) => step.stateDict());
  }

  loadStateDict(states: readonly unknown[]): void {
    const { length } = this.steps;
    if (!Array.isArray(states) || states.length !== length) {
      throw new FormatError(
        `Pipeline.loadStateDict: the state must be an array of ${length}, one a step; got ${Array.isArray(states) ? states.length : String(states)}`,
      );
    }
    loadAll(this.steps.map((step, i) => [step, states[i]]));
  }
}

/** Loads several states; those that were loaded before one that does not fit are put back. */
export function loadAll(pairs: readonly (readonly [ColumnTransform, unknown])[]): void {
  const done: (() => void)[] = [];
  try {
    for (const [transform, state] of pairs) {
      const before = stateOf(transform);
      transform.loadStateDict(state);
      if (before !== undefined) done.push(() => transform.loadStateDict(before));
    }
  } catch (error) {
    for (const undo of done) undo();
    throw error;
  }
}

/** The state, if there is one yet. */
function stateOf(transform: ColumnTransform): unknown {
  try {
    return transform.stateDict();
  } catch {
    return undefined;
  }
}
