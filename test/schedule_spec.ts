import { zeros } from 'adjoint';
import { type Optimizer, type Schedule, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { read } from './golden/golden.js';
import { message } from './message.js';

/*
 * One spec a schedule. From it follow: PyTorch's rates; the values that a document or a formula gives; every group from its
 * own base; a state that goes on where it was saved; each stated error's full text.
 */

export interface ScheduleSpec {
  make: (optimizer: Optimizer<any>, options: any) => Schedule;
  options: object;
  /** Cases of golden/data/schedulers.json with their options. */
  golden?: Record<string, object>;
  /** Hyper-parameters at steps, from what the optimiser begins with. */
  values?: {
    says: string;
    options: object;
    base?: object;
    option?: string;
    at: Readonly<Record<number, number>>;
  }[];
  errors: { options: object; says: string }[];
}

const twoGroups = (): Optimizer<any> =>
  new SGD([{ parameters: [zeros([1])] }, { parameters: [zeros([1])], lr: 4 }], { lr: 2, momentum: 0.5 });

export function scheduleSpec(name: string, { make, options, golden = {}, values = [], errors }: ScheduleSpec): void {
  describe(name, () => {
    it.each(Object.entries(golden))('%s as PyTorch schedules it', (recorded, options) => {
      const found = read<{ name: string; base_lr: number; lr_per_step: number[] }>('schedulers').find(
        (each) => each.name === recorded,
      );
      if (found === undefined) throw new Error(`schedulers.json has no case ${recorded}`);
      const optimizer = new SGD([zeros([1])], { lr: found.base_lr });
      const schedule = make(optimizer, options);
      for (const want of found.lr_per_step) {
        expect(optimizer.groups[0].lr).toBeCloseTo(want, 14);
        expect(schedule.lastLr).toEqual([optimizer.groups[0].lr]);
        schedule.step();
      }
    });

    it.each(values)('$says', ({ options, base = { lr: 1 }, option = 'lr', at }) => {
      const optimizer = new SGD([zeros([1])], base);
      const schedule = make(optimizer, options);
      const last = Math.max(...Object.keys(at).map(Number));
      for (let t = 0; t <= last; t++) {
        if (t in at) expect(schedule.last(option)[0], `step ${t}`).toBeCloseTo(at[t], 6);
        expect(optimizer.groups[0]).toHaveProperty(option, schedule.last(option)[0]);
        schedule.step();
      }
    });

    it('goes on where it was saved', () => {
      const through = make(twoGroups(), options);
      for (let i = 0; i < 3; i++) through.step();
      const saved = JSON.parse(JSON.stringify(through.stateDict()));

      // The optimiser comes back with the rates of the middle of the run.
      const optimizer = twoGroups();
      through.lastLr.forEach((lr, i) => {
        optimizer.groups[i].lr = lr;
      });
      const resumed = make(optimizer, options);
      resumed.loadStateDict(saved);
      for (let i = 0; i < 12; i++) {
        expect(resumed.lastLr).toEqual(through.lastLr);
        expect(optimizer.groups.map(({ lr }) => lr)).toEqual(through.lastLr);
        resumed.step();
        through.step();
      }
      expect(resumed.stateDict()).toEqual(through.stateDict());
    });

    it('is stepped once an epoch, or when it is told to', () => {
      expect(make(twoGroups(), options).every).toBe('epoch');
      expect(make(twoGroups(), { ...options, every: 'step' }).every).toBe('step');
      expect(message(() => make(twoGroups(), { ...options, every: 'batch' }))).toBe(
        `ValueError ${name}: every must be 'step' or 'epoch'; got batch`,
      );
    });

    it.each(errors)('refuses $options', ({ options, says }) => {
      expect(message(() => make(twoGroups(), options))).toBe(says);
    });
  });
}
