import type { TypedArray } from '../../core/dtype.js';
import type { View } from '../backend.js';
import { type KernelTable, read, writable } from './loops.js';

/** A view's elements to read and write in row-major order; `done` puts them back where they are a copy. */
function updatable(view: View): { values: TypedArray; done: () => void } {
  const target = writable(view);
  target.values.set(read(view));
  return target;
}

/* Steps of optimisers: the views are a parameter, its state, its gradient; all but the last are updated. */
export const optimizerKernels: KernelTable = {
  sgdStep(views, [outer, momentum, intake, nesterov, decay, maximize, inner]) {
    const targets = views.slice(0, -1).map(updatable);
    const [p, buffer] = targets.map(({ values }) => values);
    const g = read(views[views.length - 1]);
    for (let i = 0; i < p.length; i++) {
      const d = (maximize ? -g[i] : g[i]) + decay * p[i];
      if (buffer === undefined) {
        p[i] -= outer * d;
      } else {
        buffer[i] = momentum * buffer[i] + intake * inner * d;
        p[i] -= outer * (nesterov ? inner * d + momentum * buffer[i] : buffer[i]);
      }
    }
    for (const { done } of targets) done();
  },

  adamStep(views, [stepSize, rootCorrection, beta1, beta2, eps, decay, shrink, maximize, inside]) {
    const targets = views.slice(0, -1).map(updatable);
    const [p, m, v, largest] = targets.map(({ values }) => values);
    const g = read(views[views.length - 1]);
    for (let i = 0; i < p.length; i++) {
      const d = (maximize ? -g[i] : g[i]) + decay * p[i];
      m[i] = beta1 * m[i] + (1 - beta1) * d;
      v[i] = beta2 * v[i] + (1 - beta2) * d * d;
      if (largest !== undefined) largest[i] = Math.max(largest[i], v[i]);
      const second = (largest === undefined ? v[i] : largest[i]) + inside * rootCorrection ** 2;
      p[i] = shrink * p[i] - (stepSize * m[i]) / (Math.sqrt(second) / rootCorrection + eps);
    }
    for (const { done } of targets) done();
  },
};
