import { checkArray } from '../../core/check.js';
import type { GradientRecord } from '../../train/callbacks/gradient_statistics.js';
import { type Frame, figure } from '../figure.js';
import type { Mark } from '../marks.js';

/**
 * Norms of gradients against the depth of their parameters, a line for each record, on a logarithmic axis: gradients that
 * vanish fall to the left.
 *
 *     await gradientChart([records[0], records.at(-1)]);
 *
 * @param records  of `gradientStatistics`, with the same parameters in each
 */
export function gradientChart(records: readonly GradientRecord[], frame: Partial<Frame> = {}): Promise<string> {
  checkArray('gradientChart', 'records', records);
  return figure(
    {
      title: 'Gradients',
      x: { label: 'parameter, from input to output', names: (records[0]?.parameters ?? []).map(({ name }) => name) },
      y: { label: 'norm', log: true },
      ...frame,
    },
    records.flatMap(({ step, parameters }): Mark[] => {
      const points = parameters.map(({ norm }, depth) => [depth, norm] as const);
      const name = `step ${step}`;
      return [
        { kind: 'line', name, points },
        { kind: 'dots', name, points, size: 5 },
      ];
    }),
  );
}
