/* The next value of a series from those before it, by an LSTM that sees the whole history, against the last value again. */
import assert from 'node:assert/strict';
import { capture, Generator, mseLoss, nn, noGrad, optim, randn, seed, type Tensor, tensor } from 'adjoint';

/** Two oscillations whose periods have no common multiple, and noise. */
const length = 600;
const noise = randn([length], { std: 0.05, generator: new Generator(1) }).data();
const series = Float32Array.from(noise, (e, t) => Math.sin(t / 3) + 0.5 * Math.sin(t / 7.3) + e);

/** Windows that begin 5 values apart as a batch: [steps, batch, 1] and the values that follow each of them. */
const steps = 50;
function windows(from: number, to: number): [x: Tensor, y: Tensor] {
  const starts = Array.from({ length: Math.floor((to - from - steps - 1) / 5) + 1 }, (_, i) => from + 5 * i);
  const pick = (shift: number): Tensor =>
    tensor(
      Float32Array.from({ length: steps * starts.length }, (_, i) => {
        return series[starts[i % starts.length] + Math.floor(i / starts.length) + shift];
      }),
      { shape: [steps, starts.length, 1] },
    );
  return [pick(0), pick(1)];
}

class Forecast extends nn.Module {
  memory = new nn.LSTM(1, 24);
  head = new nn.Linear(24, 1);

  forward(x: Tensor): Tensor {
    const [output] = this.memory.forward(x);
    return this.head.forward(output);
  }
}

seed(1);
const model = new Forecast();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
const train = capture((x: Tensor, y: Tensor) => {
  optimizer.zeroGrad();
  const loss = mseLoss(model.forward(x), y);
  loss.backward();
  optimizer.step();
  return loss;
});
const [x, y] = windows(0, 450);
for (let step = 1; step <= 300; step++) {
  const loss = train(x, y).item();
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}`);
}

// On values that no training step has seen, the forecast after each whole window.
const [past, next] = windows(450, length);
const error = (forecast: Tensor): number => Math.sqrt(mseLoss(forecast.slice(-1), next.slice(-1)).item());
const learnt = noGrad(() => error(model.forward(past)));
const naive = error(past);
console.log(`error ${learnt.toFixed(3)}, of the last value again ${naive.toFixed(3)}`);
assert(learnt < naive / 2, 'the LSTM forecasts twice as well as the last value');
