import { clone, contiguous, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { elementwise, engines, spec, unarySamples } from '../../harness.js';

spec('clone', clone, { reference: elementwise((x) => x), samples: unarySamples() });
spec('contiguous', contiguous, { reference: elementwise((x) => x), samples: unarySamples() });

describe.each(engines)('contiguous on $name', ({ use }) => {
  it('is the tensor itself where it lies without gaps, else a copy', () => {
    use();
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(contiguous(x)).toBe(x);
    const y = contiguous(x.transpose());
    expect(y.isContiguous).toBe(true);
    expect(y.storage).not.toBe(x.storage);
    expect(y.toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('clones into memory of its own, keeping the bits of every dtype', () => {
    use();
    for (const dtype of ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const) {
      const x = tensor([1, 0, 1], { dtype });
      const y = clone(x);
      expect(y.storage).not.toBe(x.storage);
      expect(y.data()).toEqual(x.data());
    }
    expect(Object.is(clone(tensor([-0])).item(), -0)).toBe(true);
  });
});
