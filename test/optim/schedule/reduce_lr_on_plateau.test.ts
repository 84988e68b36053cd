import { capture, zeros } from 'adjoint';
import { ReduceLROnPlateau, SGD } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { message } from '../../message.js';

type Options = ConstructorParameters<typeof ReduceLROnPlateau>[1];

const build = (options: Options) => {
  const optimizer = new SGD([zeros([1])], { lr: 1 });
  return { optimizer, schedule: new ReduceLROnPlateau(optimizer, options) };
};

/** The rates after each score. */
function follow(options: Options, scores: readonly number[]): number[] {
  const { optimizer, schedule } = build(options);
  return scores.map((score) => {
    schedule.step(score);
    return optimizer.groups[0].lr;
  });
}

describe('ReduceLROnPlateau', () => {
  it('waits for patience, and counts anew after a reduction', () => {
    expect(follow({ factor: 0.5, patience: 1 }, [3, 2, 2, 2, 2, 2, 1, 1])).toEqual([
      1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25,
    ]);
  });

  it('asks a better score to be better by a share of the best, or by a difference', () => {
    const scores = [10, 9.5, 9.2];
    expect(follow({ factor: 0.5, patience: 0, threshold: 0.1 }, scores)).toEqual([1, 0.5, 0.25]);
    expect(follow({ factor: 0.5, patience: 0, threshold: 0.1, thresholdMode: 'abs' }, scores)).toEqual([1, 1, 1]);
  });

  it('takes the higher score for the better one', () => {
    expect(follow({ factor: 0.5, patience: 0, mode: 'max' }, [1, 2, 1, 3])).toEqual([1, 1, 0.5, 0.5]);
  });

  it('rests after a reduction', () => {
    expect(follow({ factor: 0.5, patience: 0, cooldown: 2 }, [1, 1, 1, 1, 1])).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
  });

  it('goes no lower than minLr, and leaves out what is hardly a change', () => {
    expect(follow({ factor: 0.1, patience: 0, minLr: 0.05 }, [1, 1, 1, 1])).toEqual([1, 0.1, 0.05, 0.05]);
    expect(follow({ factor: 0.5, patience: 0, eps: 0.3 }, [1, 1, 1, 1])).toEqual([1, 0.5, 0.5, 0.5]);
    expect(follow({ patience: 0, minLr: 2 }, [1, 1])).toEqual([1, 1]);
  });

  it('counts NaN as no better', () => {
    expect(follow({ factor: 0.5, patience: 0 }, [Number.NaN, 1, Number.NaN])).toEqual([0.5, 0.5, 0.25]);
  });

  it('goes on where it was saved', () => {
    const options: Options = { factor: 0.5, patience: 1, cooldown: 1 };
    const scores = [3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2];
    for (let at = 0; at < scores.length; at++) {
      const first = build(options);
      for (const score of scores.slice(0, at)) first.schedule.step(score);
      const second = build(options);
      second.schedule.loadStateDict(JSON.parse(JSON.stringify(first.schedule.stateDict())));
      for (const score of scores.slice(at)) second.schedule.step(score);
      expect(second.optimizer.groups[0].lr).toBe(follow(options, scores).at(-1));
    }
  });

  it('refuses what it cannot use', () => {
    const { schedule } = build({});
    expect(message(() => schedule.step())).toBe(
      'ValueError ReduceLROnPlateau.step: the score must be a number; got undefined; pass the loss or metric to watch',
    );
    expect(message(() => capture(() => schedule.step(1))())).toMatch(
      /^StateError capture: a replay runs no JavaScript; got ReduceLROnPlateau\.step at .+; take it off, or run the step as it is$/,
    );
    expect(message(() => schedule.loadStateDict({ step: 0, bases: { lr: [1] } }))).toBe(
      'FormatError ReduceLROnPlateau.loadStateDict: numbers.bad must be a whole number ≥ 0; got undefined',
    );
    expect(message(() => build({ factor: 1 }))).toBe(
      'ValueError ReduceLROnPlateau: factor must be a number ≥ 0 and < 1; got 1',
    );
    expect(message(() => build({ patience: 0.5 }))).toBe(
      'ValueError ReduceLROnPlateau: patience must be a whole number ≥ 0; got 0.5',
    );
    expect(message(() => build({ mode: 'best' as 'min' }))).toBe(
      "ValueError ReduceLROnPlateau: mode must be 'min' or 'max'; got best",
    );
    expect(message(() => build({ thresholdMode: 'share' as 'rel' }))).toBe(
      "ValueError ReduceLROnPlateau: thresholdMode must be 'rel' or 'abs'; got share",
    );
  });
});
