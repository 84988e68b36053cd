import {
  type Caller,
  type FusedFunctions,
  kernel,
  numberOf,
  readsResults,
  resultCount,
  type View,
  withNumber,
} from '../backend/index.js';
import { dtypeCode } from '../core/dtype.js';
import { isContiguous, sameShape, sizeOf } from '../core/shape.js';
import type { Storage } from '../core/storage.js';
import type { RecordedCall } from './recorder.js';

/*
 * Fewer passes over memory with the same bits: a function of a product's or convolution's result is applied, and a residual
 * added to a product's, while the result is in the cache, and elementwise calls that feed each other become one call of the
 * kernel `chain`.
 */

export const resultsOf = (call: RecordedCall): readonly View[] => call.views.slice(0, resultCount(call));
export const operandsOf = (call: RecordedCall): readonly View[] =>
  readsResults(call.kernel) ? call.views : call.views.slice(resultCount(call));

/**
 * @param own   storages of the step's own, of which only those in `kept` are seen after it
 * @param functions  what the engine can fuse; nothing is fused where there is none
 */
export function fuse(
  calls: readonly RecordedCall[],
  own: ReadonlySet<Storage>,
  kept: ReadonlySet<Storage>,
  functions: FusedFunctions,
): RecordedCall[] {
  if (functions.size === 0) return [...calls];
  const passing = new Set([...own].filter((storage) => !kept.has(storage)));
  const pooled = gradientsThroughPools(calls, passing);
  return chains(residuals(epilogues(pooled, own, passing, functions), own, passing), passing, functions);
}

/**
 * The gradient of maxPool2d(relu(x)): relu's falls on the pooled elements alone, where the result says which of them were
 * above 0, so the pooling's gradient applies it on the way instead of a pass over the whole planes.
 */
function gradientsThroughPools(calls: readonly RecordedCall[], passing: ReadonlySet<Storage>): RecordedCall[] {
  const readers = readersOf(calls);
  const writers = writersOf(calls);
  const only = (set: ReadonlySet<RecordedCall> | undefined): RecordedCall | undefined =>
    set?.size === 1 ? [...set][0] : undefined;
  const replaced = new Map<RecordedCall, RecordedCall | null>();
  for (const call of calls) {
    if (call.kernel !== 'maxPool2dInput' || !passing.has(call.views[0].storage)) continue;
    const [dx, dy, indices] = call.views;
    const reader = only(readers.get(dx.storage));
    const pool = only(writers.get(indices.storage));
    if (reader?.kernel !== 'reluGradient' || pool?.kernel !== 'maxPool2d') continue;
    const [dz, masked, mask] = reader.views;
    const [y, , x] = pool.views;
    const unchanged = [x, y].every(({ storage }) => only(writers.get(storage)) !== undefined);
    if (!unchanged || !sameElements(masked, dx) || !sameElements(mask, x) || sameElements(mask, dx)) continue;
    replaced.set(call, null);
    replaced.set(reader, { ...reader, kernel: call.kernel, views: [dz, dy, indices, y], numbers: call.numbers });
  }
  return calls.flatMap((call) => {
    const other = replaced.get(call);
    return other === undefined ? call : (other ?? []);
  });
}

function readersOf(calls: readonly RecordedCall[]): Map<Storage, Set<RecordedCall>> {
  const readers = new Map<Storage, Set<RecordedCall>>();
  for (const call of calls) {
    for (const { storage } of operandsOf(call)) {
      const set = readers.get(storage) ?? new Set();
      readers.set(storage, set.add(call));
    }
  }
  return readers;
}

function writersOf(calls: readonly RecordedCall[]): Map<Storage, Set<RecordedCall>> {
  const writers = new Map<Storage, Set<RecordedCall>>();
  for (const call of calls) {
    for (const { storage } of resultsOf(call)) {
      const set = writers.get(storage) ?? new Set();
      writers.set(storage, set.add(call));
    }
  }
  return writers;
}

/** Whether two views read the same elements in the same order. */
function sameElements(a: View, b: View): boolean {
  if (a.storage !== b.storage || a.offset !== b.offset || a.dtype !== b.dtype) return false;
  if (sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides)) return true;
  return sizeOf(a.shape) === sizeOf(b.shape) && isContiguous(a.shape, a.strides) && isContiguous(b.shape, b.strides);
}

/** y = f(a · b) in one call, where nobody else reads the product. */
function epilogues(
  calls: readonly RecordedCall[],
  own: ReadonlySet<Storage>,
  passing: ReadonlySet<Storage>,
  functions: FusedFunctions,
): RecordedCall[] {
  const readers = readersOf(calls);
  const gone = new Set<RecordedCall>();
  const merged = calls.map((call) => {
    const [y] = call.views;
    const [reader, ...others] = readers.get(y?.storage) ?? [];
    if (numberOf(call, 'epilogue') !== 0 || !passing.has(y.storage) || reader === undefined) return call;
    const f = functions.get(reader.kernel);
    const [z, x] = reader.views;
    const fits =
      others.length === 0 &&
      sameElements(x, y) &&
      own.has(z.storage) &&
      z.dtype === y.dtype &&
      isContiguous(z.shape, z.strides) &&
      sizeOf(z.shape) === z.storage.data.length;
    if (f?.sources !== 1 || !fits) return call;
    gone.add(reader);
    const { dtype, shape, strides } = y;
    const result = { storage: z.storage, offset: z.offset, dtype, shape, strides };
    return { ...call, views: [result, ...call.views.slice(1)], numbers: withNumber(call, 'epilogue', f.code + 1) };
  });
  return merged.filter((_, i) => !gone.has(calls[i]));
}

/** z = a · b + r in one call, where nobody else reads the product, and r is there before it. */
function residuals(
  calls: readonly RecordedCall[],
  own: ReadonlySet<Storage>,
  passing: ReadonlySet<Storage>,
): RecordedCall[] {
  const readers = readersOf(calls);
  const writers = writersOf(calls);
  const gone = new Set<RecordedCall>();
  const merged = calls.map((call, i) => {
    const { views } = call;
    const [y] = views;
    const [reader, ...others] = readers.get(y?.storage) ?? [];
    const isFloat = y?.dtype === 'float32' || y?.dtype === 'float64';
    if (numberOf(call, 'residual') !== 0 || !isFloat || !passing.has(y.storage) || reader?.kernel !== 'add')
      return call;
    const [z, ...operands] = reader.views;
    const [r, ...twice] = operands.filter((operand) => !sameElements(operand, y));
    const fits =
      others.length === 0 &&
      twice.length === 0 &&
      r !== undefined &&
      isWhole(r, y) &&
      isWhole(z, y) &&
      own.has(z.storage) &&
      sizeOf(z.shape) === z.storage.data.length &&
      [...(writers.get(z.storage) ?? [])].every((writer) => writer === reader) &&
      [...(writers.get(r.storage) ?? [])].every((writer) => calls.indexOf(writer) < i);
    if (!fits || !isContiguous(y.shape, y.strides)) return call;
    gone.add(reader);
    const { dtype, shape, strides } = y;
    const [result, residual] = [z, r].map(({ storage, offset }) => ({ storage, offset, dtype, shape, strides }));
    return { ...call, views: [result, ...views.slice(1), residual], numbers: withNumber(call, 'residual', 1) };
  });
  return merged.filter((_, i) => !gone.has(calls[i]));
}

/** Whether a view has as many elements as a result, of its dtype and one after another. */
const isWhole = ({ dtype, shape, strides }: View, y: View): boolean =>
  dtype === y.dtype && sizeOf(shape) === sizeOf(y.shape) && isContiguous(shape, strides);

/** Calls that run as one, at the place of the last of them. */
interface Unit {
  readonly calls: readonly RecordedCall[];
  /** Whether it is elementwise, and may grow. */
  readonly open: boolean;
  readonly reads: ReadonlySet<Storage>;
  readonly writes: ReadonlySet<Storage>;
}

const unitOf = (calls: readonly RecordedCall[], open: boolean): Unit => ({
  calls,
  open,
  reads: new Set(calls.flatMap((call) => operandsOf(call).map(({ storage }) => storage))),
  writes: new Set(calls.flatMap((call) => resultsOf(call).map(({ storage }) => storage))),
});

/** What a call of `chain` has room for; native/call.h has its views and numbers. */
const most = { outputs: 8, views: 24, operations: 40 };

/**
 * Gathers each elementwise call with those that make its operands: they move down to it, unless something in between
 * depends on where they are.
 */
function chains(
  calls: readonly RecordedCall[],
  passing: ReadonlySet<Storage>,
  functions: FusedFunctions,
): RecordedCall[] {
  const readers = readersOf(calls);
  let units: Unit[] = [];
  for (const call of calls) {
    const open = functions.has(call.kernel) && call.live === undefined;
    let unit = unitOf([call], open);
    if (open) {
      for (const producer of producersOf(call, units)) {
        const joined = unitOf([...producer.calls, ...unit.calls], true);
        if (!canMoveDown(producer, units) || !belongTogether(producer, unit) || !hasRoom(joined, passing, readers))
          continue;
        units = units.filter((other) => other !== producer);
        unit = joined;
      }
    }
    units.push(unit);
  }
  return units.flatMap((unit) => (unit.calls.length > 1 ? chain(unit, passing, readers, functions) : unit.calls));
}

/** The open units that wrote a call's operands, each element in the place where the call reads it; the latest first. */
function producersOf(call: RecordedCall, units: readonly Unit[]): Unit[] {
  const [y] = call.views;
  const found = operandsOf(call).flatMap((operand) => {
    const writer = units.findLast(({ writes }) => writes.has(operand.storage));
    const result = writer?.calls.flatMap(resultsOf).find(({ storage }) => storage === operand.storage);
    const aligned = result !== undefined && sameView(result, operand) && sameShape(operand.shape, y.shape);
    return writer?.open && aligned ? writer : [];
  });
  return [...new Set(found)].sort((a, b) => units.indexOf(b) - units.indexOf(a));
}

const sameView = (a: View, b: View): boolean =>
  a.storage === b.storage && a.offset === b.offset && sameShape(a.shape, b.shape) && sameShape(a.strides, b.strides);

/** Whether nothing behind a unit reads or writes what it writes, or writes what it reads. */
function canMoveDown(unit: Unit, units: readonly Unit[]): boolean {
  return units
    .slice(units.indexOf(unit) + 1)
    .every(
      ({ reads, writes }) =>
        [...unit.writes].every((storage) => !reads.has(storage) && !writes.has(storage)) &&
        [...unit.reads].every((storage) => !writes.has(storage)),
    );
}

/** Whether two units may run element by element side by side: what one writes, the other reads in the same places. */
function belongTogether(producer: Unit, consumer: Unit): boolean {
  const results = [...producer.calls, ...consumer.calls].flatMap(resultsOf);
  if (new Set(results.map(({ storage }) => storage)).size !== results.length) return false;
  const operands = [...producer.calls, ...consumer.calls].flatMap(operandsOf);
  return results.every((result) =>
    operands.every((operand) => operand.storage !== result.storage || sameView(operand, result)),
  );
}

/** Whether a unit's result is seen outside of it. */
const isSeen = (
  { storage }: View,
  unit: Unit,
  passing: ReadonlySet<Storage>,
  readers: ReadonlyMap<Storage, ReadonlySet<RecordedCall>>,
): boolean => !passing.has(storage) || [...(readers.get(storage) ?? [])].some((reader) => !unit.calls.includes(reader));

/** What a unit reads that it does not write itself, each once. */
function inputsOf({ calls }: Unit): View[] {
  const written = new Set<Storage>();
  const inputs: View[] = [];
  for (const call of calls) {
    for (const operand of operandsOf(call)) {
      if (!written.has(operand.storage) && !inputs.some((input) => sameView(input, operand))) inputs.push(operand);
    }
    for (const { storage } of resultsOf(call)) written.add(storage);
  }
  return inputs;
}

function hasRoom(unit: Unit, passing: ReadonlySet<Storage>, readers: ReadonlyMap<Storage, ReadonlySet<RecordedCall>>) {
  const outputs = unit.calls.flatMap(resultsOf).filter((result) => isSeen(result, unit, passing, readers)).length;
  const inputs = inputsOf(unit).length;
  return outputs <= most.outputs && outputs + inputs <= most.views && unit.calls.length <= most.operations;
}

// Its numbers begin with how many outputs, inputs and functions it has; each function counts 1.
kernel('chain', { writes: (_, [outputs]) => outputs, flops: ([y], [, , functions]) => functions * sizeOf(y.shape) });

/** One call of `chain` for a unit. */
function chain(
  unit: Unit,
  passing: ReadonlySet<Storage>,
  readers: ReadonlyMap<Storage, ReadonlySet<RecordedCall>>,
  functions: FusedFunctions,
): RecordedCall {
  const written = new Map<Storage, number>();
  const inputs = inputsOf(unit);
  const operations = unit.calls.flatMap((call, i) => {
    const [y, ...operands] = call.views;
    // A unit's own result, once it is there, else an input: memory that is read before it is written.
    const registers = operands.map((operand) => {
      return written.get(operand.storage) ?? inputs.findIndex((input) => sameView(input, operand));
    });
    const register = inputs.length + i;
    written.set(y.storage, register);
    const [a, b = -1, c = -1] = registers;
    return [
      functions.get(call.kernel)?.code as number,
      register,
      a,
      call.kernel === 'copy' ? dtypeCode[y.dtype] : b,
      c,
    ];
  });
  const outputs = unit.calls.flatMap(resultsOf).filter((result) => isSeen(result, unit, passing, readers));
  return {
    kernel: 'chain',
    views: [...outputs, ...inputs],
    numbers: [
      outputs.length,
      inputs.length,
      unit.calls.length,
      ...operations,
      ...outputs.map(({ storage }) => written.get(storage) as number),
    ],
    index: Math.max(...unit.calls.map(({ index }) => index)),
    caller: callerOf(unit.calls),
  };
}

/** The ops of several calls, for reports. */
const callerOf = (calls: readonly RecordedCall[]): Caller => ({
  op: [...new Set(calls.map(({ kernel, caller }) => caller?.op ?? kernel))].join(' + '),
  backward: calls.every(({ caller }) => caller?.backward === true),
});
