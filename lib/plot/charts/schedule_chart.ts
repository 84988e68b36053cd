import { checkObject, checkWhole, given } from '../../core/check.js';
import type { Rate } from '../../optim/schedule/schedule.js';
import { type Frame, figure } from '../figure.js';

/**
 * Learning rates against the step; no optimiser is needed.
 *
 *     await scheduleChart({ 'warm restarts': rates.warmRestarts({ t0: 10 }) }, { lr: 0.1, steps: 100 });
 *
 * @param options.lr     what the rates begin with; default 1
 * @param options.steps  whole, ≥ 1
 */
export async function scheduleChart(
  rates: Readonly<Record<string, Rate>>,
  options: { lr?: number; steps: number } & Partial<Frame>,
): Promise<string> {
  const { lr = 1, steps, ...frame } = given(options);
  checkObject('scheduleChart', 'rates', rates);
  checkWhole('scheduleChart', 'steps', steps, 1);
  return figure(
    { title: 'Learning rate', x: { label: 'step' }, y: { label: 'learning rate' }, ...frame },
    Object.entries(rates).map(([name, rate]) => ({
      kind: 'line',
      name,
      points: Array.from({ length: steps + 1 }, (_, step) => [step, rate(lr, step)]),
    })),
  );
}
