import { readdirSync, readFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as nn from '../lib/nn/index.js';
import * as ops from '../lib/ops/index.js';

/*
 * Nothing is left out: every file of ops has its test file, every public op either has a spec that checks its
 * derivatives or stands below, with the reason why it has none, and every module has a spec.
 */

const withoutDerivatives: Record<string, string[]> = {
  'the result is true or false': [
    ...['all', 'allClose', 'any', 'eq', 'ge', 'gt', 'isClose', 'isFinite', 'isNaN', 'le', 'lt', 'ne'],
    ...['logicalAnd', 'logicalNot', 'logicalOr', 'logicalXor'],
  ],
  'the result is a position, or a count': [
    ...['argmax', 'argmin', 'argsort', 'bucketize', 'countNonzero', 'matrixRank', 'multinomial', 'searchSorted'],
    'poisson',
  ],
  'the size of the result depends on the values': ['unique'],
  'the operand only gives a shape': ['fullLike', 'onesLike', 'zerosLike'],
  'there is no operand to differentiate by': [
    ...['arange', 'eye', 'linspace', 'oneHot'],
    ...['blackmanWindow', 'fftfreq', 'hammingWindow', 'hannWindow', 'rfftfreq'],
    ...['bernoulli', 'rand', 'randint', 'randn', 'randperm'],
  ],
  'the derivative is that of a quantile, to which its test holds it': ['standardGamma'],
  'the derivative is 0 wherever there is one': ['ceil', 'floor', 'round', 'sign', 'step', 'trunc', 'zeroOneLoss'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
/** Files within a folder of this project, as `shape/concat.ts`. */
const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => name.split(sep).join('/'));

const tests = filesOf('test/ops', '.test.ts');

/** The ops whose specs check derivatives: the harness fails a spec that checks none and does not say so. */
const checked = tests.flatMap((name) => {
  const [, ...specs] = readFileSync(`${root}test/ops/${name}`, 'utf8').split(/^(?:spec|unary)\(/m);
  return specs
    .map((text) => text.split(/^\}?\);$|^describe|^it/m)[0])
    .filter((text) => !/differentiable: (false|'elsewhere')/.test(text))
    .map((text) => /^\s*'(\w+)/.exec(text)?.[1]);
});

describe('ops', () => {
  it('have a test file each', () => {
    const files = [...filesOf('lib/ops', '/index.ts'), 'fft/fft.ts', 'linalg/linalg.ts'].flatMap((index) => {
      const names = readFileSync(`${root}lib/ops/${index}`, 'utf8').matchAll(
        /^export \{[^}]*\} from '\.\/(\w+)\.js'/gm,
      );
      return [...names].map(([, file]) => `${dirname(index)}/${file}`);
    });
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !tests.includes(`${file}.test.ts`))).toEqual([]);
  });

  it('have specs that check their derivatives, or a reason to have none', () => {
    const exempt = Object.values(withoutDerivatives).flat();
    const { fft, linalg, ...others } = ops;
    const names = new Set([others, fft, linalg].flatMap((namespace) => Object.keys(namespace)));
    expect([...new Set(checked), ...exempt].sort()).toEqual([...names].sort());
  });
});

describe('modules', () => {
  const texts = filesOf('test/nn', '.test.ts').map((name) => readFileSync(`${root}test/nn/${name}`, 'utf8'));
  const found = (pattern: RegExp): RegExpExecArray[] => texts.flatMap((text) => [...text.matchAll(pattern)]);

  it('have a spec each', () => {
    // moduleSpec's, or those of a family's spec that makes one.
    const specs = new Set(found(/^\w+Spec\(\s*'(\w+)/gm).map(([, name]) => name));
    const modules = Object.entries(nn).filter(([, value]) => {
      const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
      return prototype instanceof nn.Module;
    });
    // Module itself, of which all others are made, has tests of its own.
    expect([...specs].sort()).toEqual(modules.map(([name]) => name).sort());
  });

  it("claim each of PyTorch's answers once", () => {
    const claims = found(/golden: \{\s+file: '(\w+)',(?:\s+cases: \/(.+)\/,)?/g);
    expect(claims.length).toBeGreaterThan(5);
    const cases = claims.flatMap(([, file, pattern = '']) => {
      const url = new URL(`golden/data/${file}.json`, import.meta.url);
      const recorded = JSON.parse(readFileSync(url, 'utf8')) as { cases: { name: string }[] };
      const names = recorded.cases.map(({ name }) => name).filter((name) => new RegExp(pattern).test(name));
      expect(names, `${file} ${pattern}`).not.toEqual([]);
      return names.map((name) => `${file}: ${name}`);
    });
    expect(cases.filter((name, i) => cases.indexOf(name) !== i)).toEqual([]);
  });
});
