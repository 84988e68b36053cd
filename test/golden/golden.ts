import { readFileSync } from 'node:fs';
import { nn, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';

/*
 * PyTorch's answers: results and gradients in float64 from inputs that float32 holds exactly. Each case is run on every
 * engine in float64 and in float32. data/ was made by PyTorch 1.13.1; a tensor is { shape, data } row-major, with dtype for
 * integers and booleans.
 */

export interface Recorded {
  shape: number[];
  data: (number | string)[];
  dtype?: 'int' | 'bool';
}
type Tensors = Record<string, Recorded>;

export interface Case {
  name: string;
  params: Record<string, any>;
  inputs: Tensors;
  weights: Tensors;
  outputs: Tensors;
  grad_outputs: Tensors;
  grads: Tensors;
  buffers_before?: Tensors;
  buffers_after?: Tensors;
}

export type Float = 'float32' | 'float64';

/** Largest error in a value or gradient, relative above 1. */
const tolerance: Record<Float, number> = { float32: 1e-5, float64: 1e-12 };

export function read<C = Case>(file: string): C[] {
  const url = new URL(`data/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: C[] }).cases;
}

export function toTensor({ shape, data, dtype }: Recorded, float: Float): Tensor {
  const values = Float64Array.from(data, Number);
  return tensor(values, { shape, dtype: dtype === 'int' ? 'int32' : (dtype ?? float) });
}

export function expectClose(what: string, actual: Tensor | null, { shape, data }: Recorded, float: Float): void {
  expect(actual?.shape, what).toEqual(shape);
  const values = actual!.to('float64').data();
  data.forEach((recorded, i) => {
    const wanted = Number(recorded === 'inf' ? Infinity : recorded === '-inf' ? -Infinity : recorded);
    const close = Object.is(values[i], wanted) || values[i] === wanted;
    if (!close && !(Math.abs(values[i] - wanted) <= tolerance[float] * Math.max(1, Math.abs(wanted)))) {
      expect.fail(`${what}[${i}] is ${values[i]}, PyTorch has ${wanted} (±${tolerance[float]})`);
    }
  });
}

/** How a case is computed: a layer, which gets the recorded weights and buffers, or a function of the named inputs. */
export type Model = nn.Module | ((inputs: Record<string, Tensor>) => Tensor);

/**
 * Registers a file's cases.
 *
 * @param model   makes the model of a case
 * @param others  names of the cases whose ops this package does not have, or what the names of the claimed cases are like
 */
export function golden(
  file: string,
  model: (recorded: Case, float: Float) => Model,
  others: readonly string[] | RegExp = [],
): void {
  const cases = read(file);
  const isOurs = (name: string): boolean => (others instanceof RegExp ? others.test(name) : !others.includes(name));
  const ours = cases.filter(({ name }) => isOurs(name));

  it(`${file}: every case is tested or named as another's`, () => {
    expect(ours.length).toBeGreaterThan(0);
    if (others instanceof RegExp) return;
    const names = cases.map(({ name }) => name);
    expect(others.filter((name) => !names.includes(name))).toEqual([]);
    expect(ours.length + others.length).toBe(cases.length);
  });

  describe.each(engines)(`${file} on $name`, ({ use }) => {
    it.each(ours)('$name', (recorded) => {
      use();
      for (const float of ['float64', 'float32'] as const) compare(recorded, model(recorded, float), float);
    });
  });
}

function compare(recorded: Case, model: Model, float: Float): void {
  const inputs = Object.fromEntries(
    Object.entries(recorded.inputs).map(([name, value]) => {
      const x = toTensor(value, float);
      return [name, name in recorded.grads ? x.requireGrad() : x];
    }),
  );
  const leaves = new Map(Object.entries(inputs));
  if (model instanceof nn.Module) {
    const state = { ...recorded.weights, ...recorded.buffers_before };
    model.loadStateDict(new Map(Object.entries(state).map(([name, value]) => [name, toTensor(value, float)])));
    for (const [name, parameter] of model.namedParameters()) leaves.set(name, parameter);
  }
  const output = model instanceof nn.Module ? model.forward(...Object.values(inputs)) : model(inputs);
  expectClose('output', output, recorded.outputs['output'], float);
  if (Object.keys(recorded.grads).length > 0) {
    output.backward(toTensor(recorded.grad_outputs['output'], float));
    for (const [name, gradient] of Object.entries(recorded.grads)) {
      expectClose(`gradient of ${name}`, leaves.get(name)?.grad ?? null, gradient, float);
    }
  }
  if (model instanceof nn.Module) {
    const buffers = model.stateDict();
    for (const [name, value] of Object.entries(recorded.buffers_after ?? {})) {
      expectClose(name, buffers.get(name) ?? null, value, float);
    }
  }
}
