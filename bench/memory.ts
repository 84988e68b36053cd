/* npx tsx bench/memory.ts: what the VGG-like training step takes, captured and eager, beside PyTorch. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { capture, crossEntropy, memoryUsage, optim, rand, randint, seed, type Tensor } from 'adjoint';
import { vgg } from './models.js';

seed(0);
const model = vgg();
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const x = rand([32, 3, 32, 32]);
const labels = randint(0, 10, [32]);
const run = (x: Tensor, labels: Tensor<[number], 'int32'>): void => {
  optimizer.zeroGrad();
  crossEntropy(model.forward(x), labels).backward();
  optimizer.step();
};
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const before = memoryUsage({ collect: true }).arrayBuffers;
const step = capture(run);
step(x, labels); // recorded: runs as it is
step(x, labels);
optimizer.zeroGrad();
const own = memoryUsage({ collect: true }).arrayBuffers - before;
const [{ arenaBytes, calls }] = step.plans;
console.log(
  `adjoint, captured: ${mega(own)}, of which ${mega(arenaBytes)} for all temporaries of ${calls} calls; the rest is Adam's state`,
);
for (let i = 0; i < 10; i++) step(x, labels);
console.log(
  `  after ten more steps: ${mega(memoryUsage({ collect: true }).arrayBuffers - before)}; kernels' working space ${mega(memoryUsage().workingSpace)}`,
);
try {
  const python = fileURLToPath(new URL('memory.py', import.meta.url));
  const [first, all] = execFileSync('/usr/bin/python3', [python], { encoding: 'utf8' }).split(' ').map(Number);
  console.log(`PyTorch, resident: ${mega(first)} in the first step, ${mega(all)} in five`);
  console.log(`captured ÷ PyTorch's first step: ${(own / first).toFixed(2)}`);
} catch {
  console.log('PyTorch is not installed for /usr/bin/python3');
}
