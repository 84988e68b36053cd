import { customGradient, gradcheck, type Tensor, tensor } from 'adjoint';
import { expect, it } from 'vitest';

const x = tensor([0.5, -1.5, 2], { dtype: 'float64' });

it('gradcheck: accepts a right gradient', () => {
  gradcheck((a, b) => a.mul(b).sin(), [x, x.mul(2)], { order: 3, forward: true });
});

it('gradcheck: finds a wrong gradient and names input, element and both values', () => {
  const wrong = customGradient((a: Tensor) => ({ value: a.mul(a), backward: (dy) => [dy.mul(a)] }));
  // dy of element 0 is sin(0.7) + 0.2; half of the true gradient comes back.
  expect(() => gradcheck(wrong, [x])).toThrow(
    /^gradcheck: input 0, element 0: backward gives 0\.4221\d*, finite differences 0\.8442\d*; look at the op's backward$/,
  );
});

it('gradcheck: finds a gradient that is missing', () => {
  expect(() => gradcheck((a) => a.detach().mul(2), [x])).toThrow('gradcheck: input 0, element 0: backward gives 0');
});

it('gradcheck: finds a wrong gradient of a gradient with order 2', () => {
  // The first derivative is right, but computed from a constant.
  const half = customGradient((a: Tensor) => ({ value: a.mul(a), backward: (dy) => [dy.mul(a.detach().mul(2))] }));
  gradcheck(half, [x]);
  expect(() => gradcheck(half, [x], { order: 2 })).toThrow('gradcheck, second order: input 0, element 0');
});

it('gradcheck: finds a wrong third derivative with order 3', () => {
  // 6x, the second derivative of x³, computed from a constant: the third, 6, is missing.
  const slope = customGradient((a: Tensor) => ({
    value: a.mul(a).mul(3),
    backward: (dy) => [dy.mul(a.detach().mul(6))],
  }));
  const cube = customGradient((a: Tensor) => ({ value: a.pow(3), backward: (dy) => [dy.mul(slope(a))] }));
  gradcheck(cube, [x], { order: 2 });
  expect(() => gradcheck(cube, [x], { order: 3 })).toThrow('gradcheck, third order: input 0, element 0');
});

it('gradcheck: finds a wrong derivative in forward mode', () => {
  // The gradient is right, but does not depend on the one that it was made of.
  const wrong = customGradient((a: Tensor) => ({ value: a.mul(2), backward: (dy) => [dy.detach().mul(2)] }));
  gradcheck(wrong, [x]);
  expect(() => gradcheck(wrong, [x], { forward: true })).toThrow(
    /^gradcheck, forward mode: element 0: jvp gives 0, finite differences 1\.68\d*; look at the op's backward$/,
  );
});

it('gradcheck: refuses float32', () => {
  expect(() => gradcheck((a) => a, [tensor([1])])).toThrow(
    "gradcheck: inputs must be float64; got float32; convert with to('float64')",
  );
});
