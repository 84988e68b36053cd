import { gradcheck, rand, randn, type Tensor } from 'adjoint';
import { describe, it } from 'vitest';
import { weightNorm } from '../../../lib/ops/normalisation/weight_norm.js';
import { engines, expectClose } from '../../harness.js';

describe.each(engines)('weightNorm on $name', ({ use }) => {
  it.each([[[3, 19]], [[2, 3, 2, 7]], [[40, 300]]])('gives rows of %j their lengths', (shape) => {
    use();
    const [v, g]: Tensor[] = [rand(shape).add(0.5), randn([shape[0], ...shape.slice(1).map(() => 1)])];
    const n = v.size / shape[0];
    const values = [...v.data()];
    const length = (row: number): number => Math.hypot(...values.slice(row * n, (row + 1) * n));
    const wanted = values.map((x, i) => (g.data()[Math.floor(i / n)] * x) / length(Math.floor(i / n)));
    expectClose(weightNorm(v, g), { shape, data: wanted }, { slack: 2 });
  });

  it('has the derivatives of finite differences, of both orders', () => {
    use();
    const options = { dtype: 'float64' } as const;
    const inputs: Tensor[] = [randn([2, 3, 2], options), randn([2, 1, 1], options)];
    gradcheck(weightNorm, inputs, { order: 2 });
  });
});
