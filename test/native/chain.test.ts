import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { View } from '../../lib/backend/backend.js';
import { loadAddon, nativeBackend } from '../../lib/backend/native.js';
import { arrayOf, bytesPerElement, dtypeCode, type RealDType } from '../../lib/core/dtype.js';
import { Storage } from '../../lib/core/storage.js';
import { randomSequence } from '../harness.js';
import { type Layout, positions, zeros } from './layouts.js';

const addon = loadAddon();
const { run } = nativeBackend(addon);
const threads = addon.threads();
afterAll(() => addon.setThreads(threads));

const layouts: readonly Layout[] = ['rows', 'columns', 'gaps', 'backwards'];
const dtypes: readonly RealDType[] = ['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'];
const floats: readonly RealDType[] = ['float32', 'float64'];
const numbers: readonly RealDType[] = ['int32', ...floats];
const ordered: readonly RealDType[] = ['bool', 'uint8', ...numbers];

/** What a function takes: the dtypes of its sources; where's condition comes before. */
interface Signature {
  readonly name: string;
  readonly sources: number;
  readonly dtypes: readonly RealDType[];
}

const dtypesOf: Readonly<Record<string, readonly RealDType[]>> = {
  Numbers: numbers,
  Ordered: ordered,
  Floats: floats,
  Curves: floats,
};
const signatures = addon.elementwise.map(({ name, sources, types }): Signature => {
  if (sources > 0) return { name, sources, dtypes: dtypesOf[types] };
  return { name, sources: name === 'where' ? 3 : 1, dtypes };
});
const codeOf = (wanted: string): number => addon.elementwise.findIndex(({ name }) => name === wanted);
const arithmetic = ['neg', 'square', 'sqrt', 'reciprocal', 'add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'copy'];
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

interface Operation {
  readonly name: string;
  readonly result: number;
  readonly sources: readonly number[];
  /** Of the result. */
  readonly dtype: RealDType;
}

/** A program, and where its outputs go: to memory of their own in a layout, or to that of an input. */
interface Program {
  readonly shape: readonly number[];
  readonly inputs: readonly View[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly { readonly register: number; readonly dtype: RealDType; readonly to: Layout | number }[];
}

function encode({ inputs, operations, outputs }: Program): number[] {
  return [
    outputs.length,
    inputs.length,
    operations.length,
    ...operations.flatMap(({ name, result, sources, dtype }) => [
      codeOf(name),
      result,
      ...[0, 1, 2].map((i) => (name === 'copy' && i === 1 ? dtypeCode[dtype] : (sources[i] ?? -1))),
    ]),
    ...outputs.map(({ register }) => register),
  ];
}

/** Every register's value at the end, by one kernel after the other. */
function separately({ shape, inputs, operations, outputs }: Program): View[] {
  const registers = [...inputs];
  for (const { name, result, sources, dtype } of operations) {
    const y = zeros(dtype, shape, 'rows');
    run(name, [y, ...sources.map((source) => registers[source])], []);
    registers[result] = y;
  }
  return outputs.map(({ register, dtype }) => {
    const y = zeros(dtype, shape, 'rows');
    run('copy', [y, registers[register]], []);
    return y;
  });
}

const clone = (view: View): View => ({ ...view, storage: new Storage(view.storage.data.slice()) });

function fused(program: Program): View[] {
  const inputs = program.inputs.map(clone);
  const outputs = program.outputs.map(({ dtype, to }) => {
    if (typeof to === 'string') {
      const view = zeros(dtype, program.shape, to);
      view.storage.data.fill(1);
      return view;
    }
    const { buffer, byteOffset, length } = inputs[to].storage.data;
    return {
      ...inputs[to],
      dtype,
      storage: new Storage(new arrayOf[dtype](buffer as ArrayBuffer, byteOffset, length)),
    };
  });
  run('chain', [...outputs, ...inputs], encode(program));
  return outputs;
}

/** On every instruction set and on one thread and two, the fused program gives what the kernels give one by one. */
function verify(program: Program): void {
  for (const isa of addon.isas) {
    addon.setIsa(isa);
    addon.setThreads(1);
    const expected = separately(program);
    for (const count of [1, 2]) {
      addon.setThreads(count);
      fused(program).forEach((view, o) => {
        const at = positions(view);
        const wanted = expected[o].storage.data;
        const first = positions(expected[o])[0];
        // Object.is: −0 is not 0. Which NaN it is, is the compiler's choice in the plain kernels too.
        const value = (bits: number): number => (view.dtype === 'bfloat16' && (bits & 0x7fff) > 0x7f80 ? NaN : bits);
        const wrong = at.findIndex(
          (position, i) => !Object.is(value(view.storage.data[position]), value(wanted[first + i])),
        );
        if (wrong < 0) return;
        const what = `${isa}, ${count} threads, output ${o}, element ${wrong} of [${program.shape}]`;
        expect.fail(
          `${what}: ${view.storage.data[at[wrong]]}, separately ${wanted[first + wrong]}; ` +
            `${JSON.stringify(program.operations)}; to ${JSON.stringify(program.outputs)}`,
        );
      });
    }
  }
}

const random = randomSequence(5);
const special = [0, -0, 1, -1, 2, NaN, Infinity, -Infinity, 1e-40, -3e-39, 3e8, -1e12, 88.9, 0.5, -2.5, 1e300];

/** Elements that are mostly near 0, and some that are not. */
function filled(dtype: RealDType, shape: readonly number[], layout: Layout): View {
  const view = zeros(dtype, shape, layout);
  const { data } = view.storage;
  for (let i = 0; i < data.length; i++) {
    const value = random() < 0.1 ? special[Math.floor(random() * special.length)] : random() * 8 - 4;
    if (dtype === 'bool') data[i] = random() < 0.5 ? 1 : 0;
    else if (dtype === 'int32') data[i] = random() < 0.1 ? value * 1e9 : Math.round(value * 5);
    else if (dtype === 'uint8') data[i] = random() * 256;
    else if (dtype === 'bfloat16') data[i] = random() * 65536;
    else data[i] = value;
  }
  return view;
}

const resultOf = ({ name, dtypes: accepted }: Signature, dtype: RealDType): RealDType =>
  comparisons.includes(name) ? 'bool' : accepted.includes(dtype) ? dtype : expect.fail(`${name} of ${dtype}`);

describe('chain', () => {
  it.each(signatures.filter(({ name }) => name !== 'copy'))('$name alone, of every dtype', (signature) => {
    for (const dtype of signature.dtypes) {
      for (const size of [0, 1, 15, 70, 5000]) {
        const sources = Array.from({ length: signature.sources }, (_, i) => i);
        const kinds = signature.name === 'where' ? (['bool', dtype, dtype] as const) : sources.map(() => dtype);
        const result = { name: signature.name, result: sources.length, sources, dtype: resultOf(signature, dtype) };
        verify({
          shape: [size],
          inputs: kinds.map((kind) => filled(kind, [size], 'rows')),
          operations: [result],
          outputs: [{ register: sources.length, dtype: result.dtype, to: 'rows' }],
        });
      }
    }
  });

  it('copy between all dtypes', () => {
    for (const from of dtypes) {
      for (const to of dtypes) {
        verify({
          shape: [3, 700],
          inputs: [filled(from, [3, 700], 'rows')],
          operations: [{ name: 'copy', result: 1, sources: [0], dtype: to }],
          outputs: [{ register: 1, dtype: to, to: 'rows' }],
        });
      }
    }
  });

  // Those of arithmetic stay in registers.
  it.each([
    ['any functions', signatures, dtypes, 14],
    ['arithmetic', signatures.filter(({ name }) => arithmetic.includes(name)), floats, 38],
  ] as const)(
    'random programs of %s, dtypes, strides and outputs, also in the memory of inputs',
    (_, known, kinds, most) => {
      const pick = <T>(from: readonly T[], n: number): T => from[n % from.length];
      const nat = fc.nat(1e6);
      const shapes = [[7], [3, 5], [2, 3, 4], [1], [], [0, 4], [6, 33], [3, 1, 900], [41, 3, 2, 7], [9000]];
      const description = fc.record({
        shape: fc.constantFrom(...shapes),
        inputs: fc.array(fc.record({ dtype: nat, layout: nat, ones: nat, drop: nat }), { minLength: 1, maxLength: 5 }),
        operations: fc.array(fc.record({ name: nat, a: nat, b: nat, c: nat, to: nat, again: nat }), {
          maxLength: most,
        }),
        outputs: fc.array(fc.record({ register: nat, layout: nat, inPlace: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
      });
      fc.assert(
        fc.property(description, ({ shape, inputs, operations, outputs }) => {
          const views = inputs.map(({ dtype, layout, ones, drop }) => {
            const own = shape.map((size, axis) => ((ones >> axis) % 3 === 0 ? 1 : size));
            return filled(
              pick([...floats, ...kinds], dtype),
              own.slice(drop % 4 ? 0 : drop % 3),
              pick(layouts, layout),
            );
          });
          const registers: RealDType[] = views.map(({ dtype }) => dtype);
          const program: Operation[] = [];
          for (const { name, a, b, c, to, again } of operations) {
            const signature = pick(known, name);
            const fitting = registers.flatMap((dtype, r) => (signature.dtypes.includes(dtype) ? [r] : []));
            if (fitting.length === 0) continue;
            const first = pick(fitting, a);
            const alike = registers.flatMap((dtype, r) => (dtype === registers[first] ? [r] : []));
            const conditions = registers.flatMap((dtype, r) => (dtype === 'bool' ? [r] : []));
            if (signature.name === 'where' && conditions.length === 0) continue;
            const operands = [first, pick(alike, b), pick(alike, c)].slice(0, signature.sources);
            const sources = signature.name === 'where' ? [pick(conditions, c), ...operands] : operands;
            const dtype = signature.name === 'copy' ? pick(kinds, to) : resultOf(signature, registers[first]);
            const temporaries = registers.length - views.length;
            const result = temporaries > 0 && again % 3 === 0 ? views.length + (again % temporaries) : registers.length;
            registers[result] = dtype;
            program.push({ name: signature.name, result, sources, dtype });
          }
          const taken = new Set<number>();
          const targets = outputs.map(({ register, layout, inPlace }) => {
            const at = register % registers.length;
            const width = bytesPerElement[registers[at]];
            const free = views.findIndex(
              (view, i) => !taken.has(i) && `${view.shape}` === `${shape}` && bytesPerElement[view.dtype] === width,
            );
            const to = inPlace && free >= 0 ? free : pick(layouts, layout);
            if (typeof to === 'number') taken.add(to);
            return { register: at, dtype: registers[at], to };
          });
          verify({ shape, inputs: views, operations: program, outputs: targets });
        }),
        { numRuns: 400, seed: 7 },
      );
    },
  );

  it('an output in the memory of an input that is still read, and one that is an input itself', () => {
    const shape = [5000];
    const add = (result: number, ...sources: number[]): Operation => ({
      name: 'add',
      result,
      sources,
      dtype: 'float32',
    });
    const inputs = [filled('float32', shape, 'rows'), filled('float32', shape, 'rows')];
    const to = (register: number, target: Layout | number) => ({ register, dtype: 'float32' as const, to: target });
    // Register 2 lies where input 0 is read again.
    verify({ shape, inputs, operations: [add(2, 0, 1), add(3, 0, 2)], outputs: [to(2, 0), to(3, 1)] });
    // The inputs change places.
    verify({ shape, inputs, operations: [], outputs: [to(1, 0), to(0, 'gaps')] });
    verify({ shape, inputs, operations: [add(2, 0, 1)], outputs: [to(2, 1), to(1, 'rows'), to(2, 'rows')] });
  });

  it('as many operations and views as a call holds, on several threads', () => {
    const shape = [30, 1000];
    const inputs = Array.from({ length: 16 }, (_, i) => filled('float64', i % 3 ? shape : [1000], 'rows'));
    const operations = Array.from({ length: 48 }, (_, i) => ({
      name: ['add', 'mul', 'maximum', 'sub'][i % 4],
      result: 16 + i,
      sources: [i % 16, i === 0 ? 1 : 15 + i],
      dtype: 'float64' as const,
    }));
    const outputs = Array.from({ length: 8 }, (_, i) => ({
      register: 63 - i,
      dtype: 'float64' as const,
      to: layouts[i % 4],
    }));
    verify({ shape, inputs, operations, outputs });
  });
});
