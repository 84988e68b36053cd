import type { RealDType } from '../../../lib/core/dtype.js';
import { each, floats, type KernelCall, type Operand, of, ofRows } from './operand.js';

function layers(): KernelCall[] {
  const [steps, batch, width, n] = [4, 5, 11, 19];
  return [0, 1].flatMap((reverse) => {
    const layer = (t: RealDType) => {
      const all = (count: number) => of(t)([steps, batch, count * n]);
      // Small, or roundings grow from step to step.
      const own = (gates: number) => of(t)([gates * n, n], 'small');
      const gates = (count: number) => of(t)([steps, batch, count * n], 'small');
      const inputs = (gates: number) => {
        return [of(t)([steps, batch, width]), of(t)([gates * n, width]), own(gates), of(t)([gates * n])];
      };
      return { all, own, gates, inputs, state: of(t)([batch, n]), below: of(t)([steps + 1, batch, n]) };
    };
    type Views = (views: ReturnType<typeof layer>, t: RealDType) => Operand[];
    const calls = (kernel: string, views: Views, numbers: number[]) =>
      each(kernel, floats, (t) => views(layer(t), t), [reverse, ...numbers]);
    return [
      ...calls('rnn', ({ all, inputs, state }) => [all(1), ...inputs(1), state], [0, 0]),
      ...calls('rnnGradient', ({ all, own, state }) => [all(1), state, all(1), all(1), own(1)], [0, 0]),
      ...calls('lstm', ({ all, inputs, state, below }) => [below, all(4), all(1), ...inputs(4), state, state], [0]),
      ...calls(
        'lstmGradient',
        ({ all, own, gates, state, below }) => [all(4), state, state, below, gates(4), all(1), own(4), state],
        [0],
      ),
      ...calls(
        'gru',
        ({ all, inputs, state }, t) => [all(1), all(3), all(1), of(t)([3 * n]), ...inputs(3), state],
        [0],
      ),
      ...calls(
        'gruGradient',
        ({ all, own, gates, state }) => [all(3), all(3), state, all(1), gates(3), all(1), all(1), own(3), state],
        [0],
      ),
    ];
  });
}

export const recurrent = (): KernelCall[] => ofRows(layers());
