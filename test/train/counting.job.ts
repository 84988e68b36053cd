import { nn, optim, type Tensor, tensor, zerosLike } from 'adjoint';
import { Trainer } from 'adjoint/train';

/** After step n all of its 65,536 weights are n: whoever sees two values among them sees two steps at once. */
export default function count() {
  const model = new nn.Linear(1, 65_536, { bias: false });
  model.weight.assign(zerosLike(model.weight));
  // The gradient of −Σ w · 1 is −1, so that each step adds 1.
  const optimizer = new optim.SGD(model.parameters(), { lr: 1 });
  const trainer = new Trainer(model, { optimizer, loss: (output: Tensor) => output.sum().neg() });
  const one = tensor([[1]]);
  return { trainer, batches: [[one, one]] as [Tensor, Tensor][], fit: { epochs: 1e6 } };
}
