import { conv2d, crossEntropy, layerNorm, linear, maxPool2d, mseLoss, ones, softmax, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('dtypes of network ops on $name', ({ use }) => {
  it('bfloat16 is computed in float32 and rounded', () => {
    use();
    const x = tensor([[1, 2, 4]], { dtype: 'bfloat16' });
    expect(softmax(x).dtype).toBe('bfloat16');
    expect(softmax(x).toArray()).toEqual(softmax(x.to('float32')).to('bfloat16').toArray());
    expect(layerNorm(x, [3]).dtype).toBe('bfloat16');
    expect(linear(x, ones([2, 3], { dtype: 'bfloat16' })).toArray()).toEqual([[7, 7]]);
    expect(crossEntropy(x, tensor([2], { dtype: 'int32' })).dtype).toBe('bfloat16');
    const weight = ones([2, 3], { dtype: 'bfloat16' }).requireGrad();
    linear(x, weight).sum().backward();
    expect(weight.grad?.dtype).toBe('bfloat16');
  });

  it('integers count as float32, and operands take their common dtype', () => {
    use();
    const pixels = tensor(new Uint8Array([1, 2, 3, 4]), { shape: [1, 1, 2, 2] });
    expect(conv2d(pixels, ones([1, 1, 2, 2])).toArray()).toEqual([[[[10]]]]);
    expect(maxPool2d(pixels, { kernelSize: 2 }).dtype).toBe('float32');
    expect(linear(ones([1, 2], { dtype: 'float64' }), ones([1, 2])).dtype).toBe('float64');
    expect(mseLoss(tensor([1, 2]), tensor([1, 4], { dtype: 'int32' })).item()).toBe(2);
  });
});
