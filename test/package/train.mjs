// Run by pack.test.ts inside a folder that has nothing but the installed package. Learns y = 2x and prints what it ran on.
import { isMainThread, Worker } from 'node:worker_threads';
import { backend, noGrad, tensor } from 'adjoint';

if (isMainThread) {
  const x = tensor([1, 2, 3, 4]);
  const y = tensor([2, 4, 6, 8]);
  const weight = tensor([0], { requiresGrad: true });
  let loss;
  for (let step = 0; step < 50; step++) {
    loss = x.mul(weight).sub(y).square().mean();
    weight.grad = null;
    loss.backward();
    noGrad(() => weight.assign(weight.sub(weight.grad.mul(0.05))));
  }
  // A second thread falls back too, and must not warn again.
  await new Promise((resolve) => new Worker(new URL(import.meta.url)).once('exit', resolve));
  const { name, reason } = backend();
  console.log(JSON.stringify({ name, reason, weight: weight.item(), loss: loss.item() }));
} else {
  backend();
}
