import { crossEntropy, nn, noGrad, optim, randint, randn, seed, type Tensor, tensor } from 'adjoint';
import { DataLoader, TensorDataset } from 'adjoint/data';
import { accuracy } from 'adjoint/metrics';
import { type EarlyStoppingOptions, earlyStopping, type JobPlan, Trainer } from 'adjoint/train';

/*
 * A small training with all that random numbers flow through: order, dropout, statistics. Runs in a worker or
 * without.
 */

export interface Settings {
  epochs: number;
  seed?: number;
  checkpoint?: string;
  /** Go on from the checkpoint. */
  resume?: boolean;
  stopping?: EarlyStoppingOptions;
  /** Log the step and `answer` after every step. */
  logs?: boolean;
  /** Milliseconds that every step takes at least. */
  slow?: number;
  /** Called by name after step 5. */
  fault?: keyof typeof faults;
}

const faults = {
  throw: () => {
    throw new RangeError('the fifth step is too much');
  },
  exit: () => process.exit(3),
  throwLater: () =>
    setTimeout(() => {
      throw new TypeError('nobody catches this');
    }),
};

export const makeModel = () =>
  new nn.Sequential(new nn.Linear(6, 16), new nn.BatchNorm1d(16), new nn.Dropout(0.3), new nn.Linear(16, 3));

const probe = tensor(Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (_, j) => Math.sin(7 * i + j))));

/** What the model says to a fixed input, in evaluation mode. */
export function answer(model: nn.Module): number[] {
  const modes = model.modules().map((module) => [module, module.training] as const);
  model.eval();
  const output: Tensor = noGrad(() => model.forward(probe));
  for (const [module, training] of modes) module.training = training;
  return [...output.data()];
}

export default async function toy(settings: Settings): Promise<JobPlan<'accuracy'>> {
  const { epochs, checkpoint, resume = false, stopping, logs = false, slow = 0, fault } = settings;
  seed(7);
  const data = () => new TensorDataset(randn([50, 6]), randint(0, 3, [50]));
  const [training, held] = [data(), data()];
  seed(settings.seed ?? 1);
  const model = makeModel();
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
  const trainer = new Trainer(model, { optimizer, loss: crossEntropy, metrics: { accuracy } });
  const batches = new DataLoader(training, { batchSize: 8, shuffle: true });
  const validation = new DataLoader(held, { batchSize: 50 });
  trainer.on('step', ({ step }) => {
    const end = performance.now() + slow;
    if (logs) trainer.emit('log', { step, answer: answer(model) });
    while (performance.now() < end);
    if (fault !== undefined && step === 5) faults[fault]();
  });
  if (resume) await trainer.resume(checkpoint as string, batches);
  return {
    trainer,
    batches,
    fit: {
      epochs,
      validation,
      ...(checkpoint && { checkpoint }),
      ...(stopping && { callbacks: [earlyStopping(stopping)] }),
    },
  };
}
