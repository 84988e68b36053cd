import { checkArray, checkObject } from '../../core/check.js';
import { figures, type Panel } from '../figure.js';

/**
 * How parameters, or other numbers, went from step to step: a small chart for each.
 *
 *     await parameterChart({ loss, 'w₁': values, 'b₁': others });
 *
 * @param courses          by name, the values of steps 0, 1, 2 …
 * @param options.columns  charts in a row
 * @source lecture notes 000, line 472
 */
export async function parameterChart(
  courses: Readonly<Record<string, ArrayLike<number>>>,
  { title = 'Parameters', columns }: { title?: string; columns?: number } = {},
): Promise<string> {
  checkObject('parameterChart', 'courses', courses);
  const panels = Object.entries(courses).map(([name, values]): Panel => {
    checkArray('parameterChart', name, values);
    return {
      frame: { title: name, x: { label: 'step' }, y: { label: '' } },
      marks: [{ kind: 'line', points: Array.from(values, (value, step) => [step, value]), colour: '#0072b2' }],
    };
  });
  return figures(title, panels, columns === undefined ? {} : { columns });
}
