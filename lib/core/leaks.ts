import { setImmediate } from 'node:timers/promises';
import { type Origin, origin } from './call_site.js';
import { checkFunction } from './check.js';
import { StateError } from './errors.js';
import { HeapGraph, type Step } from './heap_graph.js';
import { collect, size } from './memory.js';
import { watchStorages } from './storage.js';

/** Tensors' memory of one origin that is still held in one way. */
export interface Leak extends Origin {
  readonly count: number;
  readonly bytes: number;
  /**
   * What holds it: `saved by the backward of mul`, `gradient of Linear.weight`, `Adam.#slots.tensors.expAvg`, `memory of a
   * captured step`; where nothing of this library does, the variable, property or field: `variable losses`.
   */
  readonly role: string;
  /** The references that lead to one of them, from the outermost: `variable losses: Array → 0: Tensor → node: Node`. */
  readonly path: string;
}

/** What a piece of a program left behind. */
export interface LeakReport {
  /** By bytes, most first; empty where nothing was left. */
  readonly leaks: readonly Leak[];
  /** Tensors' memories that are still held; views of one count once. */
  readonly count: number;
  readonly bytes: number;
  /** A table, one row a leak. */
  toString(): string;
}

let running = false;

/**
 * Runs a piece of a program and tells which memory of the tensors that it made is still held afterwards, where it was made
 * and who holds it. What is meant to stay is in the report as well, so let the first step, which makes the optimiser's
 * state, run before, and forget the last one's gradients.
 *
 *     step(batch);
 *     const report = await leakReport(() => {
 *       for (let i = 0; i < 10; i++) step(batch);
 *       optimizer.zeroGrad();
 *     });
 *     expect(report.count, String(report)).toBe(0);
 *
 * For tests: every tensor costs a stack trace (some 20 µs), a leak a snapshot of the heap (seconds).
 *
 * @param body  may be async; what it returns is not held
 * @throws StateError "leakReport: one report at a time; another one is being made; await it first"
 */
export async function leakReport(body: () => unknown): Promise<LeakReport> {
  checkFunction('leakReport', 'body', body);
  if (running) throw new StateError('leakReport: one report at a time; another one is being made; await it first');
  running = true;
  /** By the mark that a storage carries: a snapshot shows texts, not numbers. */
  const made = new Map<string, Origin & { bytes: number }>();
  const registry = new FinalizationRegistry<string>((mark) => made.delete(mark));
  watchStorages((storage) => {
    storage.mark = `adj:${storage.id}`; // up to 12 characters; a longer text is in pieces, which a snapshot does not join
    made.set(storage.mark, { ...origin(), bytes: storage.data.byteLength });
    registry.register(storage, storage.mark);
  });
  try {
    await body();
  } finally {
    watchStorages(null);
    running = false;
  }
  await finalised(made);
  return report(made.size === 0 ? [] : held(await HeapGraph.take(), made));
}

/** Waits until the collector has reported all that it freed: it does so in tasks of their own. */
async function finalised(made: ReadonlyMap<string, unknown>): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY; made.size > 0 && made.size < before; ) {
    before = made.size;
    await setImmediate();
    collect();
    await setImmediate();
    await setImmediate();
  }
}

function held(heap: HeapGraph, made: ReadonlyMap<string, Origin & { bytes: number }>): Leak[] {
  const groups = new Map<string, { -readonly [K in keyof Leak]: Leak[K] }>();
  for (const [node, mark] of heap.withText('mark')) {
    const found = made.get(mark);
    const path = heap.path(node);
    if (found === undefined || path.length === 0) continue;
    const { op, line, bytes } = found;
    const role = roleOf(heap, path);
    const key = `${line} ${op} ${role}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { op, line, role, count: 1, bytes, path: show(path) });
    else {
      group.count++;
      group.bytes += bytes;
    }
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || a.role.localeCompare(b.role));
}

const relations: Readonly<Record<string, string>> = {
  saved: 'saved by the backward of',
  backward: 'kept by the backward of',
  inputs: 'leaf of the graph of',
};

/** What the last node of a graph on the path does with the tensor, or else whose property or variable it is. */
function roleOf(heap: HeapGraph, path: readonly Step[]): string {
  const node = path.findLastIndex(({ edge }, i) => edge in relations && path[i - 1]?.name === 'Node');
  if (node > 0) {
    const role = `${relations[path[node].edge]} ${heap.text(path[node - 1].to, 'op')}`;
    return path.slice(node).some(({ edge }) => edge === '#grad') ? `gradient of a tensor ${role}` : role;
  }
  if (path.some(({ name }) => name === 'Plan')) return 'memory of a captured step';
  const describe = (at: number): string => {
    const { kind, edge } = path[at];
    const owner = path[at - 1]?.name;
    if (owner === undefined) return 'the JavaScript stack';
    if (kind === 'context') return `variable ${edge}`;
    if (kind !== 'property') return describe(at - 1);
    if (owner === 'Tensor') return edge === '#grad' ? `gradient of ${describe(at - 1)}` : describe(at - 1);
    if (owner === 'Object') return `${describe(at - 1)}.${edge}`;
    return /^(Window|global|Object \/ )/.test(owner) ? `globalThis.${edge}` : `${owner}.${edge}`;
  };
  return describe(path.length - 1);
}

/** The references that a person can follow; a long way loses its middle. */
function show(path: readonly Step[]): string {
  const steps = path
    .filter(({ kind, name }) => !/^(system|\()/.test(name) && (kind !== 'internal' || name !== ''))
    .map(({ kind, edge, name }) => {
      const what = name || 'function';
      if (kind === 'context') return `variable ${edge}: ${what}`;
      return kind === 'property' || kind === 'element' ? `${edge}: ${what}` : what;
    });
  return (steps.length <= 9 ? steps : [...steps.slice(0, 5), '…', ...steps.slice(-3)]).join(' → ');
}

function report(leaks: Leak[]): LeakReport {
  const count = leaks.reduce((sum, leak) => sum + leak.count, 0);
  const bytes = leaks.reduce((sum, leak) => sum + leak.bytes, 0);
  return {
    leaks,
    count,
    bytes,
    toString() {
      if (count === 0) return 'no tensor is held';
      const rows = leaks.map((leak) => [String(leak.count), size(leak.bytes), leak.op, leak.line, leak.role]);
      const table = [['tensors', 'bytes', 'made by', 'at', 'held as'], ...rows];
      const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
      const lines = table.map((row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i]))
          .join('  ')
          .trimEnd(),
      );
      return [
        `${count} ${count === 1 ? 'tensor' : 'tensors'} (${size(bytes)}) ${count === 1 ? 'is' : 'are'} held`,
        ...lines.flatMap((line, i) => (i === 0 ? [line] : [line, `    ${leaks[i - 1].path}`])),
      ].join('\n');
    },
  };
}
