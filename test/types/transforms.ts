/* What transforms of functions take and give; both sides, checked by `npm run types`. */
import {
  checkpoint,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  ones,
  perSampleGrad,
  sin,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  zeros,
} from 'adjoint';
import { type DTypeOf, type ShapeOf, same } from './same.js';

const x = zeros([3]);
const matrix = zeros([2, 3]);
const apply = (x: Tensor<[3], 'float32'>) => matrix.matmul(x);
declare const unknown: Tensor;

interface Parameters {
  w: Tensor<[2, 3], 'float32'>;
  layers: { b: Tensor<[2], 'float32'> }[];
}
declare const parameters: Parameters;
const loss = (p: Parameters, x: Tensor<[3], 'float32'>): Tensor<[], 'float32'> =>
  p.w.matmul(x).add(p.layers[0].b).square().sum();

// Without annotations, and through functions of the library.
const cubed = grad((x) => x.pow(3).sum())(tensor(2));
same<typeof cubed, Tensor>(true);
const [sine] = jvp(sin, [unknown], [unknown]);
const whole: Tensor = sine;

// Gradients have the type of the argument, an interface too.
const gradient = grad(loss)(parameters, x);
same<typeof gradient, Parameters>(true);
const [value, both] = valueAndGrad(loss)(parameters, x);
same<typeof both, Parameters>(true);
const number: number = value.item();
grad(grad((x: Tensor<[]>) => x.pow(3)))(zeros([]));
// @ts-expect-error an argument is missing
grad(loss)(parameters);
// @ts-expect-error shape [2] is not [3]
grad(loss)(parameters, zeros([2]));
// @ts-expect-error a number is no tensor
grad((x: number) => tensor(x));

// vjp and jvp.
const [y, pullback] = vjp(apply, x);
same<ShapeOf<typeof y>, [2]>(true);
const [dx] = pullback(zeros([2]));
same<ShapeOf<typeof dx>, [3]>(true);
// @ts-expect-error the cotangent has the shape of the value
pullback(zeros([3]));
const [, pullParameters] = vjp(loss, parameters, x);
const [dParameters, dInput] = pullParameters(zeros([]));
same<typeof dParameters, Parameters>(true);
same<ShapeOf<typeof dInput>, [3]>(true);
const [, dy] = jvp(apply, [x], [ones([3])]);
same<ShapeOf<typeof dy>, [2]>(true);
// @ts-expect-error the tangent has the shape of the primal
jvp(apply, [x], [ones([2])]);
// @ts-expect-error a tangent is missing
jvp(loss, [parameters, x], [parameters]);
const [, along] = linearize((x: Tensor<[3], 'float32'>) => ({ product: apply(x) }), x);
const moved = along(x).product;
same<ShapeOf<typeof moved>, [2]>(true);

// Jacobians: the axes of the result, then those of the argument; blocks for trees.
const J = jacobian(apply)(x);
same<ShapeOf<typeof J>, [2, 3]>(true);
const J2 = jacobian(jacobian(apply), { mode: 'forward' })(x);
same<ShapeOf<typeof J2>, [2, 3, 3]>(true);
const blocks = jacobian((p: Parameters) => [p.w.sum(), p.layers[0].b] as const)(parameters);
const block = blocks[1].w;
same<ShapeOf<typeof block>, [2, 2, 3]>(true);
same<DTypeOf<typeof block>, 'float32'>(true);
const inner = blocks[0].layers[0].b;
same<ShapeOf<typeof inner>, [2]>(true);
const plain: Tensor = jacobian((x: Tensor) => x.mul(2))(unknown);
// @ts-expect-error modes are reverse and forward
jacobian(apply, { mode: 'backward' });

// Hessians.
const H = hessian(loss)(parameters, x);
const mixed = H.w.layers[0].b;
same<ShapeOf<typeof mixed>, [2, 3, 2]>(true);
const product = hvp(loss)(parameters, parameters, x);
same<typeof product, Parameters>(true);
// @ts-expect-error the vector has the form of the argument
hvp(loss)(parameters, x, x);

// Per-sample gradients: an axis in front.
const perSample = perSampleGrad((p: Parameters, x: Tensor<[number, 3], 'float32'>) => x.matmul(p.w.transpose()).sum())(
  parameters,
  zeros([8, 3]),
);
const each = perSample.w;
same<ShapeOf<typeof each>, [number, 2, 3]>(true);

// A checkpoint has the function's type.
const block2 = checkpoint(apply);
const z = block2(x);
same<ShapeOf<typeof z>, [2]>(true);
// @ts-expect-error one tensor
checkpoint((x: Tensor) => [x]);
// @ts-expect-error not later
checkpoint(async (x: Tensor) => x);

void [whole, number, plain];
