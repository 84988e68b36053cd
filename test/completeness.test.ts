import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as ops from '../lib/ops/index.js';

/*
 * Nothing is left out: every file of ops has its test file, and every public op either has a spec that checks its
 * derivatives or stands below, with the reason why it has none.
 */

const withoutDerivatives: Record<string, string[]> = {
  'the result is true or false': [
    ...['all', 'allClose', 'any', 'eq', 'ge', 'gt', 'isClose', 'isFinite', 'isNaN', 'le', 'lt', 'ne'],
    ...['logicalAnd', 'logicalNot', 'logicalOr', 'logicalXor'],
  ],
  'the result is a position': ['argmax', 'argmin'],
  'the operand only gives a shape': ['fullLike', 'onesLike', 'zerosLike'],
  'there is no operand to differentiate by': [
    ...['arange', 'eye', 'linspace', 'oneHot'],
    ...['bernoulli', 'rand', 'randint', 'randn', 'randperm'],
  ],
  'the derivative is 0 wherever there is one': ['ceil', 'floor', 'round', 'sign', 'trunc'],
};

const folder = fileURLToPath(new URL('ops/', import.meta.url));
const index = readFileSync(fileURLToPath(new URL('../lib/ops/index.ts', import.meta.url)), 'utf8');
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));

/** The ops whose specs check derivatives: the harness fails a spec that checks none and does not say so. */
const checked = tests.flatMap((name) => {
  const [, ...specs] = readFileSync(folder + name, 'utf8').split(/^spec\(/m);
  return specs
    .map((text) => text.split(/^\}?\);$|^describe|^it/m)[0])
    .filter((text) => !/differentiable: (false|'elsewhere')/.test(text))
    .map((text) => /^\s*'(\w+)/.exec(text)?.[1]);
});

describe('ops', () => {
  it('have a test file each', () => {
    const files = [...index.matchAll(/^export \{[^}]*\} from '\.\/(\w+)\.js'/gm)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !tests.includes(`${file}.test.ts`))).toEqual([]);
  });

  it('have specs that check their derivatives, or a reason to have none', () => {
    const exempt = Object.values(withoutDerivatives).flat();
    expect([...new Set(checked), ...exempt].sort()).toEqual(Object.keys(ops).sort());
  });
});
