import { readdirSync, readFileSync } from 'node:fs';
import { type DType, type Tensor, tensor, zeros } from 'adjoint';
import { clipGradNorm, clipGradValue } from 'adjoint/optim';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

/*
 * PyTorch's clipping, computed by it in float64 from float32 inputs. Its optimisers and schedules are claimed by the specs
 * of test/optim, one case each.
 */

interface Values {
  shape: number[];
  data: number[];
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

describe('every trace of PyTorch', () => {
  const claims = (folder: string): string[] => {
    const specs = new URL(`../optim/${folder}/`, import.meta.url);
    return readdirSync(specs).flatMap((file) => {
      // On one line, or a line a case.
      const blocks = readFileSync(new URL(file, specs), 'utf8').matchAll(
        /^ {2}golden: \{(?: ([^\n]*) \}|\n([\s\S]*?)^ {2}\}),$/gm,
      );
      const names = (text: string): string[] => [...text.matchAll(/(?:^ *|\}, )(\w+): \{/gm)].map(([, name]) => name);
      return [...blocks].flatMap(([, line, lines]) => names(line ?? lines));
    });
  };

  /** PyTorch 1.13 takes μₜ twice in the product with μₜ₊₁; Dozat and PyTorch 2 do not, and neither do we. */
  const otherwise = ['nadam'];

  it.each([
    ['optim', 'rule'],
    ['schedulers', 'schedule'],
  ])("in %s.json is followed by a %s's spec", (file, folder) => {
    const { cases } = JSON.parse(readFileSync(new URL(`data/${file}.json`, import.meta.url), 'utf8'));
    const names = cases.map(({ name }: { name: string }) => name);
    expect(claims(folder).sort()).toEqual(names.filter((name: string) => !otherwise.includes(name)).sort());
  });
});
