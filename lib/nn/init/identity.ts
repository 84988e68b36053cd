import { checkWhole } from '../../core/check.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { checkRank } from '../../ops/check.js';
import { eye as identityMatrix } from '../../ops/creation/eye.js';
import { tensor as tensorOf } from '../../tensor/create.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';

/**
 * The identity matrix: a linear layer that passes on as many inputs as it can.
 *
 * @throws ShapeError "eye: the tensor must have the axes [out, in]; got [3]"
 */
export function eye<T extends Tensor>(tensor: T): T {
  checkRank('eye', 'the tensor', tensor, ['out', 'in']);
  const [out, inputs] = tensor.shape;
  return tensor.assign(identityMatrix(out, inputs, { dtype: tensor.dtype }));
}

export { eye as identity };

/**
 * A convolution that passes on as many channels as it can: 1 in the middle of the kernel from channel i to channel i.
 *
 * @param tensor  [out, in / groups, ...kernel]
 * @param groups  each of them passes on its own channels; divides out; default 1
 * @throws ShapeError "dirac: the tensor must have the axes [out, in, ...kernel]; got [3, 3]"
 */
export function dirac<T extends Tensor>(tensor: T, { groups = 1 }: { groups?: number } = {}): T {
  checkTensor('dirac', tensor);
  if (tensor.rank < 3) {
    throw new ShapeError(`dirac: the tensor must have the axes [out, in, ...kernel]; got ${show(tensor.shape)}`);
  }
  const [out, inputs, ...kernel]: number[] = tensor.shape;
  checkWhole('dirac', 'groups', groups, 1);
  if (out % groups !== 0) throw new ValueError(`dirac: groups must divide out; got ${groups} groups of ${out}`);
  const within = kernel.reduce((size, length) => size * length, 1);
  const middle = kernel.reduce((at, length) => at * length + Math.floor(length / 2), 0);
  const values = new Float64Array(tensor.size);
  const outputs = out / groups;
  for (let i = 0; i < out; i++) {
    const channel = i % outputs;
    if (channel < inputs) values[(i * inputs + channel) * within + middle] = 1;
  }
  return tensor.assign(tensorOf(values, { shape: tensor.shape }).to(tensor.dtype));
}
