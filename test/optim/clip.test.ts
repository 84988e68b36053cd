import { type Tensor, tensor, zeros } from 'adjoint';
import { clipGradNorm, clipGradValue } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { intercept } from '../../lib/backend/index.js';
import { engines } from '../harness.js';

function withGrad(grad: Tensor): Tensor {
  const parameter = zeros(grad.shape, { requiresGrad: true });
  parameter.grad = grad;
  return parameter;
}

describe.each(engines)('clipping on $name', ({ use }) => {
  it('lecture notes 004, line 6151: scales (7, 9, 12), of norm 16.5529, to norm 5', () => {
    use();
    const parameter = withGrad(tensor([7, 9, 12]));
    expect(clipGradNorm(parameter, 5).item()).toBeCloseTo(16.5529, 4);
    const clipped = parameter.grad as Tensor;
    [2.1144, 2.7185, 3.6247].forEach((value, i) => {
      expect(clipped.toArray()[i]).toBeCloseTo(value, 4);
    });
    expect(clipped.norm().item()).toBeCloseTo(5, 5);
  });

  it('writes to no gradient: another tensor may share its memory', () => {
    use();
    const grad = tensor([3, 4]);
    const [a, b] = [withGrad(grad), withGrad(grad)];
    clipGradNorm([a, b], 1);
    clipGradValue([a, b], 0.1);
    expect(grad.toArray()).toEqual([3, 4]);
  });

  it("writes over a gradient that is the parameter's alone, and to none that was read", () => {
    use();
    const parameter = tensor([1, 2]).requireGrad();
    const kernels: string[] = [];
    const clipped = (): unknown[] => {
      const stop = intercept((engine) => ({
        ...engine,
        run(kernel, views, numbers, hooks) {
          if (views[0].storage === views[1]?.storage) kernels.push(kernel);
          return engine.run(kernel, views, numbers, hooks);
        },
      }));
      clipGradValue(parameter, 2);
      clipGradNorm(parameter, 1);
      stop();
      return kernels.splice(0);
    };
    parameter
      .mul(tensor([3, -1]))
      .sum()
      .backward();
    expect(clipped()).toEqual(['clamp', 'mul']);
    const held = parameter.grad as Tensor;
    expect(held.toArray().map((x: number) => x.toFixed(4))).toEqual(['0.8944', '-0.4472']);
    clipGradNorm(parameter, 0.5);
    expect(held.toArray()[0]).toBeCloseTo(0.8944, 4);
    expect(parameter.grad?.toArray()[0]).toBeCloseTo(0.4472, 4);
  });

  it('lecture notes 004, line 6151: leaves a small norm as it is', () => {
    use();
    const parameter = withGrad(tensor([0.3, 0.4]));
    const { grad } = parameter;
    clipGradNorm([parameter], 1);
    expect(parameter.grad?.data()).toEqual(grad?.data());
  });

  it('takes parameters without gradients and empty ones', () => {
    use();
    expect(clipGradNorm([zeros([2]), withGrad(zeros([0]))], 1).item()).toBe(0);
    expect(clipGradNorm([withGrad(zeros([0]))], 1, { p: Infinity }).item()).toBe(0);
  });

  it('passes a norm that is not finite on, or throws', () => {
    use();
    const parameter = withGrad(tensor([Number.NaN, 1]));
    expect(() => clipGradNorm([parameter], 1, { errorIfNonFinite: true })).toThrow(
      "clipGradNorm: the gradients' norm must be finite; got NaN; look for NaN in the loss, or lower the learning rate",
    );
    expect(clipGradNorm([parameter], 1).item()).toBeNaN();
    expect(parameter.grad?.toArray()).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('clipping', () => {
  it('refuses arguments out of range', () => {
    const parameter = withGrad(tensor([1]));
    expect(() => clipGradNorm([parameter], -1)).toThrow('clipGradNorm: maxNorm must be a finite number ≥ 0; got -1');
    expect(() => clipGradNorm([parameter], 1, { p: 1 })).toThrow('clipGradNorm: p must be 2 or Infinity; got 1');
    expect(() => clipGradValue([parameter], Number.NaN)).toThrow(
      'clipGradValue: value must be a finite number ≥ 0; got NaN',
    );
  });
});
