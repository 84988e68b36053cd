import { readFileSync } from 'node:fs';
import { type DType, type Tensor, tensor, zeros } from 'adjoint';
import {
  Adam,
  AdamW,
  CosineAnnealingLR,
  clipGradNorm,
  clipGradValue,
  type Optimizer,
  type Schedule,
  SGD,
  StepLR,
} from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

/* Traces of PyTorch's optimisers, schedules and clipping, computed by it in float64 from float32 inputs. */

interface Values {
  shape: number[];
  data: number[];
}
type Named = Record<string, Values>;

interface OptimizerCase {
  name: string;
  initial: Named;
  grads_per_step: Named[];
  params_after_step: Named[];
}
interface ScheduleCase {
  name: string;
  base_lr: number;
  lr_per_step: number[];
}
interface ClipCase {
  name: string;
  grads: Values[];
  clipped: Values[];
  returned: number | null;
}

function golden<C extends { name: string }>(file: string): (name: string) => C {
  const { cases } = JSON.parse(readFileSync(new URL(`data/${file}.json`, import.meta.url), 'utf8')) as { cases: C[] };
  return (name) => {
    const found = cases.find((each) => each.name === name);
    if (found === undefined) throw new Error(`${file}.json has no case ${name}`);
    return found;
  };
}

const tolerance = { float32: 1e-5, float64: 1e-12 };
const dtypes = ['float32', 'float64'] as const;

const build = ({ shape, data }: Values, dtype: DType): Tensor => tensor(data, { dtype }).reshape(shape);

function expectClose(actual: Tensor, { shape, data }: Values, dtype: keyof typeof tolerance, what: string): void {
  expect(actual.shape, what).toEqual(shape);
  const values = actual.data();
  data.forEach((want, i) => {
    const error = Math.abs(values[i] - want);
    expect(error, `${what}, element ${i}`).toBeLessThanOrEqual(tolerance[dtype] * Math.max(1, Math.abs(want)));
  });
}

const optimizers: Record<string, (parameters: Tensor[]) => Optimizer> = {
  sgd: (p) => new SGD(p, { lr: 0.1 }),
  sgd_momentum: (p) => new SGD(p, { lr: 0.1, momentum: 0.9 }),
  sgd_nesterov: (p) => new SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true }),
  sgd_damp_wd: (p) => new SGD(p, { lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.01 }),
  sgd_maximize: (p) => new SGD(p, { lr: 0.1, maximize: true }),
  adam: (p) => new Adam(p, { lr: 0.01 }),
  adam_wd_amsgrad: (p) => new Adam(p, { lr: 0.01, weightDecay: 0.1, amsgrad: true, betas: [0.8, 0.95], eps: 1e-6 }),
  adamw: (p) => new AdamW(p, { lr: 0.01, weightDecay: 0.1 }),
  adamw_amsgrad: (p) => new AdamW(p, { lr: 0.01, weightDecay: 0.05, amsgrad: true }),
};

describe.each(engines)('five steps as PyTorch takes them, on $name', ({ use }) => {
  const find = golden<OptimizerCase>('optim');
  for (const dtype of dtypes) {
    it.each(Object.entries(optimizers))(`%s, ${dtype}`, (name, make) => {
      use();
      const { initial, grads_per_step, params_after_step } = find(name);
      const names = Object.keys(initial);
      const parameters = names.map((key) => build(initial[key], dtype).requireGrad());
      const optimizer = make(parameters);
      grads_per_step.forEach((grads, step) => {
        names.forEach((key, i) => {
          parameters[i].grad = build(grads[key], dtype);
        });
        optimizer.step();
        names.forEach((key, i) => {
          expectClose(parameters[i], params_after_step[step][key], dtype, `step ${step}, ${key}`);
        });
      });
    });
  }
});

const schedules: Record<string, (optimizer: Optimizer) => Schedule> = {
  step: (optimizer) => new StepLR(optimizer, { stepSize: 3, gamma: 0.5 }),
  cosine: (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 10, etaMin: 0.001 }),
};

describe('learning rates as PyTorch schedules them', () => {
  const find = golden<ScheduleCase>('schedulers');
  it.each(Object.entries(schedules))('%s', (name, make) => {
    const { base_lr, lr_per_step } = find(name);
    const optimizer = new SGD([zeros([1], { requiresGrad: true })], { lr: base_lr });
    const schedule = make(optimizer);
    for (const want of lr_per_step) {
      expect(optimizer.groups[0].lr).toBeCloseTo(want, 14);
      expect(schedule.lastLr).toEqual([optimizer.groups[0].lr]);
      schedule.step();
    }
  });
});

const clips: Record<string, (parameters: Tensor[]) => number | undefined> = {
  clip_norm_1: (parameters) => clipGradNorm(parameters, 1).item(),
  clip_norm_inf: (parameters) => clipGradNorm(parameters, 1, { p: Infinity }).item(),
  clip_value: (parameters) => {
    clipGradValue(parameters, 0.5);
    return undefined;
  },
};

describe.each(engines)('gradients as PyTorch clips them, on $name', ({ use }) => {
  const find = golden<ClipCase>('clip');
  for (const dtype of dtypes) {
    it.each(Object.entries(clips))(`%s, ${dtype}`, (name, clip) => {
      use();
      const { grads, clipped, returned } = find(name);
      const parameters = grads.map(({ shape }) => zeros(shape, { dtype, requiresGrad: true }));
      grads.forEach((grad, i) => {
        parameters[i].grad = build(grad, dtype);
      });
      const norm = clip(parameters);
      if (returned !== null && norm !== undefined) {
        expect(Math.abs(norm / returned - 1)).toBeLessThanOrEqual(tolerance[dtype]);
      }
      clipped.forEach((want, i) => {
        expectClose(parameters[i].grad as Tensor, want, dtype, `gradient ${i}`);
      });
    });
  }
});
