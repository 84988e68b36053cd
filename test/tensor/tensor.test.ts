import { full, noGrad, ones, setBackend, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { engines } from '../harness.js';

describe.each(engines)('tensors on $name', ({ use }) => {
  it('are made of numbers, nested arrays and typed arrays', () => {
    use();
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([1, 2, 3]).toArray()).toEqual([1, 2, 3]);
    expect(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]).shape,
    ).toEqual([3, 2]);
    expect(tensor([[[true]]]).dtype).toBe('bool');
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor(new Float64Array([1, 2, 3, 4]), { shape: [2, 2] }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('take the dtype of a typed array, of booleans, or the one asked for', () => {
    use();
    expect(tensor(new Float32Array(1)).dtype).toBe('float32');
    expect(tensor(new Float64Array(1)).dtype).toBe('float64');
    expect(tensor(new Int32Array(1)).dtype).toBe('int32');
    expect(tensor(new Uint8Array(1)).dtype).toBe('uint8');
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor([1, 0], { dtype: 'bool' }).toArray()).toEqual([true, false]);
    expect(tensor([1.7], { dtype: 'float64' }).item()).toBe(1.7);
    expect(tensor([1.7], { dtype: 'bfloat16' }).item()).toBe(1.703125);
    expect(tensor(new Uint8Array([3]), { dtype: 'float32' }).item()).toBe(3);
  });

  it('copy what they are made of and what they give out', () => {
    use();
    const source = new Float32Array([1, 2]);
    const x = tensor(source);
    source[0] = 9;
    const data = x.data();
    data[1] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  it('give the elements of a view in row-major order', () => {
    use();
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...x.transpose().data()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(x.transpose().toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect([...x.slice(1, [null, null, -1]).data()]).toEqual([6, 5, 4]);
    expect(x.slice(1, 2).item()).toBe(6);
    expect(x.slice([0, 0]).toArray()).toEqual([]);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
  });

  it('know rank, size and whether they are contiguous', () => {
    use();
    const x = zeros([2, 3]);
    expect([x.rank, x.size, x.isContiguous, x.transpose().isContiguous]).toEqual([2, 6, true, false]);
    expect([tensor(1).rank, tensor(1).size, zeros([0, 3]).size]).toEqual([0, 1, 0]);
  });

  it('full, zeros and ones fill', () => {
    use();
    expect(full([2], 1.5).toArray()).toEqual([1.5, 1.5]);
    expect(full([2], 7, { dtype: 'uint8' }).toArray()).toEqual([7, 7]);
    expect(full([2], 1, { dtype: 'bool' }).toArray()).toEqual([true, true]);
    expect(ones([1, 2]).toArray()).toEqual([[1, 1]]);
    expect(zeros([], { dtype: 'int32' }).item()).toBe(0);
    expect(ones([2], { requiresGrad: true }).requiresGrad).toBe(true);
  });

  it('assign overwrites in place, converts, and counts versions', () => {
    use();
    const x = tensor([1, 2, 3, 4]);
    expect(x.storage.version).toBe(0);
    expect(x.assign(tensor([5, 6, 7, 8], { dtype: 'float64' }))).toBe(x);
    expect(x.toArray()).toEqual([5, 6, 7, 8]);
    x.slice([1, 3]).assign(tensor([0, 0]));
    expect(x.toArray()).toEqual([5, 0, 0, 8]);
    expect([x.storage.version, x.storage.writer]).toEqual([2, 'assign']);
  });

  it('detach shares memory without history', () => {
    use();
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(2).detach();
    expect([y.node, y.requiresGrad]).toEqual([null, false]);
    expect(x.detach().storage).toBe(x.storage);
  });
});

it('tensors move between engines', () => {
  setBackend('reference');
  const x = tensor([1, 2]).add(1);
  engines.forEach(({ use }) => {
    use();
    expect(x.add(1).toArray()).toEqual([3, 4]);
  });
});

it('tensors compute shapes and dtypes in types', () => {
  expectTypeOf(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  ).toEqualTypeOf<Tensor<[2, 2], 'float32'>>();
  expectTypeOf(tensor([true])).toEqualTypeOf<Tensor<[1], 'bool'>>();
  expectTypeOf(tensor(new Int32Array(4), { shape: [2, 2] })).toEqualTypeOf<Tensor<[2, 2], 'int32'>>();
  expectTypeOf(zeros([2], { dtype: 'float64' }).data()).toEqualTypeOf<Float64Array<ArrayBufferLike>>();
  expectTypeOf(tensor([true]).item()).toEqualTypeOf<boolean>();
  expectTypeOf(tensor([[1]]).toArray()).toEqualTypeOf<number[][]>();
});

it.each([
  [() => tensor([[1, 2], [3]]), 'tensor: the rows of axis 1 must all have 2 values; got one with 1 values'],
  [() => tensor([[1], 2]), 'tensor: the rows of axis 1 must all have 1 values; got one with number'],
  [
    () => tensor([1, [2]]),
    'tensor: the values must be numbers or booleans, nested equally deep; got an array at depth 1',
  ],
  [
    () => tensor(['1'] as never),
    'tensor: the values must be numbers or booleans, nested equally deep; got string at depth 1',
  ],
  [() => tensor(new Float32Array(3), { shape: [2, 2] }), 'tensor: shape [2, 2] holds 4 elements; got 3 values'],
  [
    () => tensor(new Int8Array(1) as never),
    'tensor: a typed array must be Float32Array, Float64Array, Int32Array or Uint8Array; got Int8Array; pass Array.from(it)',
  ],
  [
    () => tensor([1], { dtype: 'float16' as never }),
    'tensor: dtype must be one of bool, uint8, int32, bfloat16, float32, float64, complex64, complex128; got float16',
  ],
  [
    () => tensor([300], { dtype: 'uint8' }),
    "tensor: a number takes the tensor's dtype, and 300 is no uint8 (whole, 0 to 255); convert the tensor with to('float32')",
  ],
  [() => zeros([2, -1]), 'zeros: a dimension must be a whole number ≥ 0; got -1 in [2, -1]'],
  [
    () => zeros(new Array<number>(13).fill(1)),
    'zeros: a tensor has at most 12 axes; got 13 in [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]',
  ],
  [() => tensor([1, 2]).item(), 'item: the tensor must have one element; got shape [2]; use data() or toArray()'],
  [
    () => tensor([1], { dtype: 'int32' }).requireGrad(),
    "requireGrad: only floating-point tensors have gradients; got int32; convert with to('float32')",
  ],
  [
    () => tensor([1], { requiresGrad: true }).mul(2).requireGrad(),
    'requireGrad: this tensor is the result of mul; only leaves can be marked; use detach() first',
  ],
  [() => tensor([1, 2]).assign(tensor([1]) as Tensor), "assign: the value must have the target's shape [2]; got [1]"],
  [
    () =>
      tensor([1], { requiresGrad: true })
        .mul(2)
        .assign(tensor([1])),
    'assign: this tensor is the result of mul; only leaves can be overwritten; use detach() first',
  ],
])('tensors state error %#', (call, message) => {
  expect(call).toThrow(message);
});

it('requireGrad can be taken back', () => {
  const x = tensor([1], { requiresGrad: true });
  x.requireGrad(false);
  expect(x.mul(2).node).toBeNull();
  expect(noGrad(() => x.requireGrad()).requiresGrad).toBe(true);
});
