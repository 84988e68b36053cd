/*
 * npx tsx bench/autocast.ts [threads]: captured training steps in float32, under autocast, and as PyTorch's autocast has them,
 * with bfloat16 tensors from product to product and a cast of every weight a step: best milliseconds of interleaved rounds,
 * and memory of the step's temporaries.
 */
import {
  autocast,
  backend,
  capture,
  crossEntropy,
  nn,
  optim,
  rand,
  randint,
  seed,
  setNumThreads,
  type Tensor,
} from 'adjoint';
import { measure } from './measure.js';
import { lenet5, mlp, vgg } from './models.js';

const rounds = 5;
const seconds = 0.3;

const cases: { name: string; model: () => nn.Module; shape: number[] }[] = [
  { name: 'MLP 784-512-256-10, batch 128', model: mlp, shape: [128, 784] },
  { name: 'LeNet-5, batch 64', model: lenet5, shape: [64, 1, 28, 28] },
  { name: 'VGG-like, batch 32', model: vgg, shape: [32, 3, 32, 32] },
];

const ways: Record<string, (model: nn.Module, x: Tensor) => Tensor> = {
  float32: (model, x) => model.forward(x),
  autocast: (model, x) => autocast('bfloat16', () => model.forward(x)),
  'bfloat16 tensors': (model, x) => {
    const weights = [...model.namedParameters()].map(([name, weight]) => [name, weight.to('bfloat16')] as const);
    const forward = () => nn.functionalCall(model, Object.fromEntries(weights), x.to('bfloat16'));
    return (autocast('bfloat16', forward) as Tensor).to('float32');
  },
};

setNumThreads(Number(process.argv[2] ?? 1));
const { isa, threads } = backend();
console.log(`${isa}, threads: ${threads}`);
for (const { name, model: build, shape } of cases) {
  seed(0);
  const x = rand(shape);
  const labels = randint(0, 10, [shape[0]]);
  const steps = Object.entries(ways).map(([way, forward]) => {
    const model = build();
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const step = capture((x: Tensor, labels: Tensor<[number], 'int32'>) => {
      optimizer.zeroGrad();
      crossEntropy(forward(model, x), labels).backward();
      optimizer.step();
    });
    step(x, labels);
    return { way, call: () => step(x, labels), best: Number.POSITIVE_INFINITY, bytes: step.plans[0].arenaBytes };
  });
  for (let round = 0; round < rounds; round++) {
    for (const step of steps) step.best = Math.min(step.best, measure(step.call, seconds).minimum);
  }
  console.log(name);
  for (const { way, best, bytes } of steps) {
    const ratio = (steps[0].best / best).toFixed(2);
    console.log(
      `  ${way.padEnd(17)}${best.toFixed(3).padStart(9)} ms  ${ratio} ×  ${(bytes / 1e6).toFixed(2).padStart(6)} MB`,
    );
  }
}
