/* The training that bench/job.ts watches: LeNet-5 at batch 64, at full speed, until it is stopped. */
import { crossEntropy, type nn, noGrad, optim, randint, randn, seed, type Tensor, tensor } from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { type JobPlan, Trainer } from 'adjoint/train';
import { lenet5 } from './models.js';

const image = tensor(
  Float32Array.from({ length: 784 }, (_, i) => Math.sin(i)),
  { shape: [1, 1, 28, 28] },
);

/** What the model says to one image. */
export const answer = (model: nn.Module): number[] =>
  noGrad(() => {
    const logits: Tensor = model.forward(image);
    return [...logits.data()];
  });

/** @param logs  whether to log the step and `answer` after every step */
export default function train({ logs }: { logs: boolean }): JobPlan {
  seed(1);
  const model = lenet5();
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy });
  const images = new TensorDataset(randn([1280, 1, 28, 28]), randint(0, 10, [1280]));
  const batches = new DataLoader(images, { batchSize: 64, shuffle: true });
  if (logs) trainer.on('step', ({ step }) => trainer.emit('log', { step, answer: answer(model) }));
  return { trainer, batches, fit: { epochs: 1e6 } };
}
