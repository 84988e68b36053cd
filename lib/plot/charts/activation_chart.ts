import { grad } from '../../autodiff/grad.js';
import { checkFunction, checkObject } from '../../core/check.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Frame, figure } from '../figure.js';
import type { Line, Range } from '../marks.js';

/**
 * Functions of one number, and, dashed, their derivatives.
 *
 *     await activationChart({ sigmoid, tanh, gelu });
 *
 * @param functions           elementwise, of a float64 tensor [n]
 * @param options.range       of x; default −5 … 5
 * @param options.derivative  draw derivatives too; default true
 */
export async function activationChart(
  functions: Readonly<Record<string, (x: Tensor<any, any>) => Tensor<any, any>>>,
  {
    range: [low, high] = [-5, 5],
    derivative = true,
    ...frame
  }: { range?: Range; derivative?: boolean } & Partial<Frame> = {},
): Promise<string> {
  checkObject('activationChart', 'functions', functions);
  for (const [name, f] of Object.entries(functions)) checkFunction('activationChart', name, f);
  const xs = Array.from({ length: 401 }, (_, i) => low + ((high - low) * i) / 400);
  const x = tensor(xs, { dtype: 'float64' });
  const line = (name: string, y: Tensor<any, any>): Line => {
    const values = y.detach().data();
    return { kind: 'line', name, points: xs.map((u, i) => [u, Number(values[i])]) };
  };
  const marks = Object.entries(functions).flatMap(([name, f]): Line[] => {
    if (!derivative) return [line(name, f(x))];
    const slope = grad((x: Tensor<any, any>) => f(x).sum())(x);
    return [line(name, f(x)), { ...line(name, slope), dashed: true, opacity: 0.7 }];
  });
  return figure(
    { title: 'Activations', x: { label: 'x' }, y: { label: derivative ? 'f(x), dashed f′(x)' : 'f(x)' }, ...frame },
    marks,
  );
}
