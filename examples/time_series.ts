/*
 * Airline passengers of the next month and sunspots of the next year from the values before, by an LSTM and a GRU: the error
 * on the last quarter, which no training step has seen, below that of the last value again.
 *
 *     npx tsx examples/time_series.ts FOLDER      # with airline-passengers.csv and yearly-sunspots.csv; half a minute
 *
 * Two columns each, a header in front: airline-passengers.csv is in github.com/jbrownlee/Datasets, the yearly sunspots are
 * sunspots.csv of the datasets in github.com/statsmodels/statsmodels.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { capture, mseLoss, nn, noGrad, optim, seed, type Tensor, tensor } from 'adjoint';
import { readCsv } from 'adjoint/io';

const folder = process.argv[2];
assert.ok(folder, 'usage: npx tsx examples/time_series.ts FOLDER, with airline-passengers.csv and yearly-sunspots.csv');

interface Series {
  file: string;
  /** What makes the series' ups and downs alike in size, and its inverse. */
  scale: (value: number) => number;
  unscale: (value: number) => number;
  /** How many values a forecast sees, and how often the network is trained. */
  steps: number;
  updates: number;
  /** The share of the naive forecast's error that is left at the most. */
  bound: number;
}

const all: Series[] = [
  { file: 'airline-passengers.csv', scale: Math.log, unscale: Math.exp, steps: 24, updates: 300, bound: 0.65 },
  {
    file: 'yearly-sunspots.csv',
    scale: Math.sqrt,
    unscale: (value) => Math.max(value, 0) ** 2,
    steps: 33,
    updates: 200,
    bound: 0.75,
  },
];

/** The second column. */
async function readSeries(file: string): Promise<number[]> {
  const table = await readCsv(join(folder, file));
  return Array.from(table.column(table.names[1]).values, Number);
}

/** The change to the next value from the changes before it. */
class Forecast extends nn.Module {
  head = new nn.Linear(32, 1);

  constructor(readonly memory: nn.LSTM | nn.GRU) {
    super();
  }

  forward(x: Tensor): Tensor {
    const [output] = this.memory.forward(x);
    return this.head.forward((output as Tensor).slice(-1));
  }
}

/** The error of forecasts and of the last value again, each the root of its mean square. */
async function train(
  { file, scale, unscale, steps, updates }: Series,
  memory: nn.LSTM | nn.GRU,
): Promise<[error: number, naive: number]> {
  const values = await readSeries(file);
  const scaled = values.map(scale);
  const test = Math.floor(0.75 * values.length);
  const changes = scaled.slice(1).map((value, t) => value - scaled[t]);
  const unit = Math.sqrt(changes.slice(0, test - 1).reduce((sum, d) => sum + d * d, 0) / (test - 1));
  /** Changes before the values from … to, [steps, to − from, 1]; change t leads to value t + 1. */
  const windows = (from: number, to: number): Tensor =>
    tensor(
      Array.from({ length: steps }, (_, i) =>
        Array.from({ length: to - from }, (_, j) => [changes[from + j - 1 - steps + i] / unit]),
      ),
    );
  const wanted = tensor(changes.slice(steps, test - 1).map((d) => [d / unit]));

  const model = new Forecast(memory);
  const optimizer = new optim.AdamW(model.parameters(), { lr: 5e-3, weightDecay: 0.1 });
  const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: updates });
  const step = capture((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad();
    const loss = mseLoss(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const past = windows(steps + 1, test);
  for (let update = 0; update < updates; update++) {
    step(past, wanted);
    schedule.step();
  }

  const forecast = noGrad(() => model.forward(windows(test, values.length))).data();
  const errorOf = (guess: (i: number) => number): number => {
    const squares = values.slice(test).map((value, i) => (value - guess(i)) ** 2);
    return Math.sqrt(squares.reduce((a, b) => a + b) / squares.length);
  };
  return [errorOf((i) => unscale(scaled[test + i - 1] + unit * forecast[i])), errorOf((i) => values[test + i - 1])];
}

for (const series of all) {
  for (const make of [() => new nn.LSTM(1, 32), () => new nn.GRU(1, 32)]) {
    seed(1);
    const memory = make();
    const [error, naive] = await train(series, memory);
    const share = error / naive;
    console.log(
      `${series.file} by ${memory.constructor.name}: error ${error.toFixed(1)}, of the last value again ${naive.toFixed(1)} (${share.toFixed(2)} of it)`,
    );
    assert.ok(share < series.bound, `less than ${series.bound} of the naive error is left`);
  }
}
