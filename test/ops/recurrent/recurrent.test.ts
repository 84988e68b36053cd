import { gru, lstm, noGrad, rnn, setNumThreads, type Tensor, tensor } from 'adjoint';
import { afterAll, describe, expect, it } from 'vitest';
import { engines, randomSequence } from '../../harness.js';

/*
 * Without gradients the steps of a large batch share the memory of their gates: what comes out is the same. The shapes give
 * two threads a share of rows each.
 */

function values(shape: number[], range: number): Tensor {
  const random = randomSequence(shape.length);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length: size }, () => range * (2 * random() - 1)),
    { shape },
  );
}

const [steps, batch, size, hidden] = [5, 61, 9, 40];

const layers: {
  name: string;
  gates: number;
  run: (x: Tensor, ih: Tensor, hh: Tensor, reverse: boolean) => Tensor[];
}[] = [
  { name: 'rnn', gates: 1, run: (x, ih, hh, reverse) => rnn(x, ih, hh, { reverse }) },
  { name: 'gru', gates: 3, run: (x, ih, hh, reverse) => gru(x, ih, hh, { reverse }) },
  {
    name: 'lstm',
    gates: 4,
    run: (x, ih, hh, reverse) => {
      const [output, [h, c]] = lstm(x, ih, hh, { reverse });
      return [output, h, c];
    },
  },
];

afterAll(() => setNumThreads(2));

describe.each(engines)('recurrent layers on $name', ({ use }) => {
  it.each(layers)('$name gives the same with and without gradients, on one thread and two', ({ gates, run }) => {
    use();
    const x = values([steps, batch, size], 1);
    const ih = values([gates * hidden, size], 0.5);
    const hh = values([gates * hidden, hidden], 0.3);
    for (const reverse of [false, true]) {
      const results = [1, 2].flatMap((threads) => {
        setNumThreads(threads);
        const recorded = run(x, ih.detach().requireGrad(), hh, reverse);
        expect(recorded[0].node).not.toBeNull();
        return [recorded, noGrad(() => run(x, ih, hh, reverse))];
      });
      for (const result of results) {
        result.forEach((tensor, i) => {
          expect(tensor.data()).toEqual(results[0][i].data());
        });
      }
    }
  });
});
