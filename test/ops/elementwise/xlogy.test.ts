import { tensor, xlogy } from 'adjoint';
import { expect, it } from 'vitest';
import { binaryClaims } from '../../elementwise.js';
import { binarySamples, broadcasting, spec } from '../../harness.js';

const of = (x: number, y: number): number => (x === 0 && (y <= 0 || y === Infinity) ? 0 : x * Math.log(y));

spec('xlogy', xlogy, { reference: broadcasting(of), samples: binarySamples([-2, 2], [0.5, 2]) });
binaryClaims('xlogy', xlogy, { reference: of, integers: 'float32' });

it('xlogy has finite derivatives where it is 0 times −∞', () => {
  const [x, y] = [tensor([0, 0, 2], { requiresGrad: true }), tensor([0, 3, 4], { requiresGrad: true })];
  xlogy(x, y).sum().backward();
  expect([...x.grad!.data()]).toEqual([0, Math.fround(Math.log(3)), Math.fround(Math.log(4))]);
  expect([...y.grad!.data()]).toEqual([0, 0, 0.5]);
});
