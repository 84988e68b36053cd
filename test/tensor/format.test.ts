import { arange, type Tensor, tensor, zeros } from 'adjoint';
import { expect, it } from 'vitest';

/*
 * Texts are NumPy's, but for the names of dtypes and truth values:
 * np.set_printoptions(precision=4); np.array2string(a, separator=', ', prefix='tensor(')
 */

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

it.each<[string, Tensor, string]>([
  ['whole numbers', tensor([1, 2, 3]), '[1., 2., 3.], float32'],
  ['fractions', tensor([1.5, 2.25, -3]), '[ 1.5 ,  2.25, -3.  ], float32'],
  [
    'a matrix',
    tensor([
      [1, -2],
      [-3.5, 40],
    ]),
    '[[ 1. , -2. ],\n        [-3.5, 40. ]], float32',
  ],
  ['shortest float32', tensor([0.1, 0.2, 0.7]), '[0.1, 0.2, 0.7], float32'],
  ['rounding', tensor([0.12346, 10.5]), '[ 0.1235, 10.5   ], float32'],
  ['a tie, to the even digit', tensor([0.03125, 1.5]), '[0.0312, 1.5   ], float32'],
  ['rounding up to a whole', tensor([0.99999, 1]), '[1., 1.], float32'],
  ['float64', tensor([Math.PI * 100, 1.5], { dtype: 'float64' }), '[314.1593,   1.5   ], float64'],
  ['bfloat16', tensor([0.1, 3], { dtype: 'bfloat16' }), '[0.1, 3. ], bfloat16'],
  ['zeros', tensor([0, 0]), '[0., 0.], float32'],
  ['minus zero', tensor([-0, 1]), '[-0.,  1.], float32'],
  ['NaN and infinities', tensor([1, nan, inf, -inf]), '[  1.,  nan,  inf, -inf], float32'],
  ['nothing finite', tensor([nan, inf]), '[nan, inf], float32'],
  ['a ratio of 1000', tensor([1, 1000]), '[   1., 1000.], float32'],
  ['a ratio above 1000', tensor([0.001, 1, 1001]), '[1.000e-03, 1.000e+00, 1.001e+03], float32'],
  ['from 1e8', tensor([1e8, 1]), '[1.e+08, 1.e+00], float32'],
  ['below 1e-4', tensor([1e-5, 1]), '[1.e-05, 1.e+00], float32'],
  ['scientific, mixed', tensor([1e10, -1.5e-5, 0]), '[ 1.0e+10, -1.5e-05,  0.0e+00], float32'],
  ['scientific, special', tensor([1e10, nan, -inf]), '[1.e+10,    nan,   -inf], float32'],
  ['three digits of exponent', tensor([1e100, 1], { dtype: 'float64' }), '[1.e+100, 1.e+000], float64'],
  ['int32', tensor([1, -20, 300], { dtype: 'int32' }), '[  1, -20, 300], int32'],
  ['uint8', tensor(new Uint8Array([7, 255])), '[  7, 255], uint8'],
  [
    'bool',
    tensor([
      [true, true],
      [false, true],
    ]),
    '[[ true,  true],\n        [false,  true]], bool',
  ],
  ['a scalar', tensor(1.5), '1.5, float32'],
  ['a whole scalar', tensor(2), '2., float32'],
  ['a large scalar', tensor(1e10), '1.e+10, float32'],
  ['an int32 scalar', tensor(-3, { dtype: 'int32' }), '-3, int32'],
  ['a bool scalar', tensor(true), 'true, bool'],
  ['an empty vector', zeros([0]), '[], float32'],
  ['an empty matrix', zeros([0, 3]), '[], float32, shape=[0, 3]'],
  [
    'three axes',
    arange(12).reshape([2, 3, 2]),
    '[[[ 0.,  1.],\n         [ 2.,  3.],\n         [ 4.,  5.]],\n\n        [[ 6.,  7.],\n         [ 8.,  9.],\n         [10., 11.]]], float32',
  ],
  [
    'a transposed view',
    tensor([
      [1, 2],
      [3, 4],
    ]).transpose(),
    '[[1., 3.],\n        [2., 4.]], float32',
  ],
  ['a sliced view', arange(10).slice([null, null, -3]), '[9., 6., 3., 0.], float32'],
  [
    'a row longer than a line',
    arange(0, 36, 1.5),
    '[ 0. ,  1.5,  3. ,  4.5,  6. ,  7.5,  9. , 10.5, 12. , 13.5, 15. ,\n' +
      '        16.5, 18. , 19.5, 21. , 22.5, 24. , 25.5, 27. , 28.5, 30. , 31.5,\n' +
      '        33. , 34.5], float32',
  ],
  ['1001 elements', arange(1001), '[   0.,    1.,    2., ...,  998.,  999., 1000.], float32'],
  [
    'a long matrix',
    arange(2000, { dtype: 'int32' }).reshape([1000, 2]),
    '[[   0,    1],\n        [   2,    3],\n        [   4,    5],\n        ...,\n' +
      '        [1994, 1995],\n        [1996, 1997],\n        [1998, 1999]], int32',
  ],
  [
    'a long matrix with scientific elements',
    arange(2000).reshape([1000, 2]),
    '[[0.000e+00, 1.000e+00],\n        [2.000e+00, 3.000e+00],\n        [4.000e+00, 5.000e+00],\n        ...,\n' +
      '        [1.994e+03, 1.995e+03],\n        [1.996e+03, 1.997e+03],\n        [1.998e+03, 1.999e+03]], float32',
  ],
])('prints %s as NumPy does', (_, x, text) => {
  expect(String(x)).toBe(`tensor(${text})`);
});

it('prints 1000 elements whole, over several lines', () => {
  const lines = String(arange(1000)).split('\n');
  expect(lines).toHaveLength(91);
  expect(lines.slice(0, -1).every((line) => line.length <= 75)).toBe(true);
});

it('prints three abbreviated axes with blank lines between matrices', () => {
  const text = String(arange(4096, { dtype: 'int32' }).reshape([16, 16, 16]));
  expect(text).toContain('\n         ...,\n         [ 208,  209,  210, ...,  221,  222,  223],\n');
  expect(text).toContain('\n\n        ...,\n\n        [[3328, 3329, 3330, ..., 3341, 3342, 3343],\n');
});

it('looks only at the elements that it prints', () => {
  const x = zeros([1002]);
  x.slice([500, 501]).assign(tensor([1e9]));
  expect(String(x)).toBe('tensor([0., 0., 0., ..., 0., 0., 0.], float32)');
});

it('says where a tensor comes from, in the console too', async () => {
  const x = tensor([1, 2], { requiresGrad: true });
  expect(String(x)).toBe('tensor([1., 2.], float32, requiresGrad)');
  expect(String(x.mul(2))).toBe('tensor([2., 4.], float32, op=mul)');
  const { inspect } = await import('node:util');
  expect(inspect({ x: x.detach() })).toBe('{ x: tensor([1., 2.], float32) }');
});
