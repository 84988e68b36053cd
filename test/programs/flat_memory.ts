/*
 * A small network in a hand-written loop that never yields and disposes of nothing; prints how its memory went.
 * Run with --expose-gc.
 */
import { crossEntropy, nn, optim, rand, randint, seed } from 'adjoint';

const steps = 40_000;

seed(1);
const model = new nn.Sequential(new nn.Linear(16, 32), new nn.ReLU(), new nn.Linear(32, 4));
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const inputs = rand([64, 16]);
const labels = randint(0, 4, [64]);

function step(): void {
  optimizer.zeroGrad();
  crossEntropy(model.forward(inputs), labels).backward();
  optimizer.step();
}

/** Bytes of array buffers that are still reachable. */
function arrayBuffers(): number {
  // The first collection finds them, the second finishes sweeping them.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers;
}

let early = 0;
const highest = { middle: 0, late: 0 };
for (let i = 1; i <= steps; i++) {
  step();
  if (i === 100) early = arrayBuffers();
  if (i % 20 !== 0 || i <= steps / 4) continue;
  const half = i <= steps / 2 ? 'middle' : 'late';
  highest[half] = Math.max(highest[half], process.memoryUsage.rss());
}
console.log(JSON.stringify({ early, late: arrayBuffers(), growth: highest.late - highest.middle }));
