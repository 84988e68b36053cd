/*
 * A small network in a hand-written loop that disposes of nothing; prints how its memory went.
 *
 *     node --expose-gc flat_memory.ts eager|captured never|every     # how steps run, and whether the loop yields
 */
import { strict as assert } from 'node:assert';
import { capture, crossEntropy, nn, optim, rand, randint, seed } from 'adjoint';

const steps = 100_000;
const [mode, yields] = process.argv.slice(2);
assert.ok(
  (mode === 'eager' || mode === 'captured') && (yields === 'never' || yields === 'every'),
  'usage: flat_memory.ts eager|captured never|every',
);

seed(1);
const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 4));
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const inputs = rand([16, 8]);
const labels = randint(0, 4, [16]);

function eager(): void {
  optimizer.zeroGrad();
  crossEntropy(model.forward(inputs), labels).backward();
  optimizer.step();
}
const step = mode === 'eager' ? eager : capture(eager);

/** Bytes of array buffers that are still reachable. */
function arrayBuffers(): number {
  // The first collection finds them, the second finishes sweeping them.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers;
}

let early = 0;
/** Resident bytes at the most, in the second, third and last quarter of the steps. */
const highest = [0, 0, 0];
/** Looks at the memory after the i-th step. */
function look(i: number): void {
  if (i === 1000) early = arrayBuffers();
  if (i % 20 !== 0 || i <= steps / 4) return;
  const quarter = Math.ceil((4 * i) / steps) - 2;
  highest[quarter] = Math.max(highest[quarter], process.memoryUsage.rss());
}

/** A leak grows from quarter to quarter; large pages that the system makes of small ones come once, at any time. */
const growth = (): number => Math.min(highest[1] - highest[0], highest[2] - highest[1]);

if (yields === 'never') {
  for (let i = 1; i <= steps; i++) {
    step();
    look(i);
  }
} else {
  for (let i = 1; i <= steps; i++) {
    step();
    look(i);
    await null;
  }
}
console.log(JSON.stringify({ early, late: arrayBuffers(), growth: growth() }));
