import { fusedFunctions, type ProgramCall, type Slot, type SlotView, type View } from '../backend/index.js';
import { isComplex, type RealDType } from '../core/dtype.js';
import { allocateKept, Storage } from '../core/storage.js';
import type { Shape } from '../core/types.js';
import { parts, type Tensor } from '../tensor/tensor.js';
import { fuse, operandsOf, resultsOf } from './fuse.js';
import { packWeights, splitLasting } from './lasting.js';
import { layOut } from './layout.js';
import type { Assumption, Effect, RecordedCall, Recorder } from './recorder.js';

/** A view of whatever storage a slot holds. */
export class PlannedView implements SlotView {
  constructor(
    readonly slot: Slot,
    readonly dtype: RealDType,
    readonly offset: number,
    readonly shape: Shape,
    readonly strides: readonly number[],
    /** Whether a tensor outside of the plan has its pairs for complex numbers. */
    readonly isComplex = false,
  ) {}

  get storage(): Storage {
    return this.slot.storage;
  }
}

export interface PlannedCall extends RecordedCall, ProgramCall {
  readonly views: readonly SlotView[];
}

/** Calls without JavaScript in between, and the effects that come before them. */
export interface Segment {
  readonly effects: readonly (() => void)[];
  readonly calls: readonly PlannedCall[];
}

/** What a leaf of the step's surroundings is: itself, or the argument of that number. */
export type Leaf = Tensor | number;

/** A recorded step with its memory laid out. */
export interface Compiled {
  /** Of each argument, in order; those that share a storage share a slot. */
  readonly inputs: readonly PlannedView[];
  /** Gradients that the step begins with; null where there must be none. */
  readonly before: readonly { leaf: Leaf; view: PlannedView | null }[];
  /** What the step returns, and the gradients that it leaves: views of its memory, or tensors of its surroundings. */
  readonly results: readonly (Tensor | PlannedView)[];
  readonly after: readonly { leaf: Leaf; gradient: Tensor | PlannedView | null }[];
  /** Slots that get new memory for every run, since it is returned. */
  readonly fresh: readonly { slot: Slot; dtype: RealDType; size: number }[];
  /** Slots within the arena, whose memory the temporaries share. */
  readonly temporaries: readonly { slot: Slot; offset: number }[];
  readonly arenaBytes: number;
  readonly bound: readonly Slot[];
  /** Slots of numbers that came from JavaScript. */
  readonly constants: readonly Slot[];
  readonly segments: readonly Segment[];
  /** Calls whose results are kept until the memory that they read is written, with the slots of those results. */
  readonly lasting: {
    readonly calls: readonly PlannedCall[];
    readonly slots: readonly Slot[];
    readonly sources: readonly Storage[];
  };
  readonly assumptions: readonly Assumption[];
  /** Memory of the surroundings that the step writes to. */
  readonly written: readonly { slot: Slot; writer: string }[];
}

/** A slot for every storage; offsets within it are counted from the first element that the tensors in it reach. */
class Slots {
  readonly #slots = new Map<Storage, Slot>();
  readonly #bases = new Map<Slot, number>();

  has(storage: Storage): boolean {
    return this.#slots.has(storage);
  }

  /** @param content  what the slot holds at first, where that is not the storage itself */
  add(storage: Storage, base = 0, content = storage): Slot {
    let slot = this.#slots.get(storage);
    if (slot === undefined) {
      slot = { storage: content };
      this.#slots.set(storage, slot);
      this.#bases.set(slot, base);
    }
    return slot;
  }

  view({ storage, dtype, offset, shape, strides }: View): PlannedView {
    const slot = this.add(storage);
    return new PlannedView(slot, dtype, offset - (this.#bases.get(slot) as number), shape, strides);
  }

  viewOf(tensor: Tensor): PlannedView {
    const { dtype, offset, shape, strides, slot } = this.view(parts(tensor));
    return new PlannedView(slot, dtype, offset, shape, strides, isComplex(tensor.dtype));
  }

  all(): Slot[] {
    return [...this.#slots.values()];
  }
}

/** Makes a plan of what a step did. */
export function compile(recorder: Recorder, inputs: readonly Tensor[], results: readonly Tensor[]): Compiled {
  const slots = new Slots();
  for (const { storage } of inputs) {
    const sharing = inputs.filter((input) => input.storage === storage);
    slots.add(storage, lowestOf(sharing));
  }
  const uses = [...recorder.gradients].filter(([leaf]) => recorder.isOlder(leaf.storage));
  const begins = uses.flatMap(([leaf, { before }]) => (before === undefined ? [] : [{ leaf, before }]));
  const given = begins.flatMap(({ before }) => before ?? []);
  for (const { storage } of given) slots.add(storage, lowestOf(given.filter((other) => other.storage === storage)));
  const left = uses.flatMap(([leaf, { set }]) => (set ? [{ leaf, gradient: leaf.grad }] : []));
  const bound = slots.all();

  const gradients = left.flatMap(({ gradient }) => gradient ?? []);
  const own = ownStorages(recorder, slots);
  const kept = new Set([...results, ...gradients].map(({ storage }) => storage));
  const written = new Set(recorder.calls.flatMap(resultsOf).map(({ storage }) => storage));
  const bindings = new Set(bound.map(({ storage }) => storage));
  const lasts = (storage: Storage): boolean =>
    !written.has(storage) && !recorder.writers.has(storage) && !bindings.has(storage) && !isShared(storage);
  const fused = fuse(neededCalls(recorder.calls, own, kept), own, kept, fusedFunctions());
  const { lasting, rest: calls } = splitLasting(packWeights(fused, own, lasts), own, kept, lasts);
  const lastingSlots = lasting.flatMap(resultsOf).map(({ storage, dtype }) => {
    own.delete(storage);
    return slots.add(storage, 0, new Storage(allocateKept(dtype, storage.data.length)));
  });
  const lifetimes = lifetimesOf(calls, own);
  for (const { storage } of gradients) {
    const lifetime = lifetimes.get(storage);
    if (lifetime !== undefined) lifetime.last = calls.length;
  }
  const fresh = results
    .map(parts)
    .flatMap(({ storage, dtype }) =>
      lifetimes.delete(storage) ? [{ slot: slots.add(storage), dtype, size: storage.data.length }] : [],
    );
  const { offsets, bytes: arenaBytes } = layOut([...lifetimes.values()]);
  const temporaries = [...lifetimes.keys()].map((storage, i) => ({ slot: slots.add(storage), offset: offsets[i] }));

  const constants: Slot[] = [];
  const planned = (view: View): PlannedView => {
    const { storage } = view;
    // A number from JavaScript shares its memory with the recording's temporaries: the plan has its own copy.
    const isConstant = !recorder.isOlder(storage) && !written.has(storage) && !slots.has(storage);
    if (isConstant) constants.push(slots.add(storage, 0, new Storage(storage.data.slice())));
    return slots.view(view);
  };
  const plannedOf = (call: RecordedCall) => Object.assign(call, { views: call.views.map(planned) });
  const sources = lasting.flatMap(operandsOf).map(({ storage }) => storage);
  const leafOf = (leaf: Tensor): Leaf => (inputs.includes(leaf) ? inputs.indexOf(leaf) : leaf);
  const sourceOf = (tensor: Tensor) => (slots.has(tensor.storage) ? slots.viewOf(tensor) : tensor.detach());
  return {
    inputs: inputs.map((input) => slots.viewOf(input)),
    before: begins.map(({ leaf, before }) => ({ leaf: leafOf(leaf), view: before && slots.viewOf(before) })),
    results: results.map(sourceOf),
    after: left.map(({ leaf, gradient }) => ({ leaf: leafOf(leaf), gradient: gradient && sourceOf(gradient) })),
    fresh,
    temporaries,
    arenaBytes,
    bound: [...bound, ...fresh.map(({ slot }) => slot)],
    constants,
    segments: segmentsOf(calls.map(plannedOf), recorder.effects),
    lasting: {
      calls: lasting.map(plannedOf),
      slots: lastingSlots,
      sources: [...new Set(sources)].filter((storage) => recorder.isOlder(storage)),
    },
    assumptions: recorder.assumptions,
    written: [...recorder.writers].map(([storage, writer]) => ({ slot: slots.add(storage), writer })),
  };
}

/** Whether another thread may write to it. */
const isShared = ({ data }: Storage): boolean => data.buffer instanceof SharedArrayBuffer;

/** The first number of its storage that a tensor reaches. */
function lowest(tensor: Tensor): number {
  const { offset, shape, strides } = parts(tensor);
  const reached = (at: number, size: number, axis: number): number =>
    at + Math.min(0, Math.max(0, size - 1) * strides[axis]);
  return shape.reduce(reached, offset);
}

/** The first number that tensors in one storage reach; beside complex ones an even place, where a pair may begin. */
function lowestOf(tensors: readonly Tensor[]): number {
  const first = Math.min(...tensors.map(lowest));
  return tensors.some(({ dtype }) => isComplex(dtype)) ? first - (first % 2) : first;
}

/**
 * Memory of the step's own, whose contents need not survive it: made in the step, and written before it is read. Memory
 * made in the step but read first was filled from JavaScript, or is state that began there, as is what a step overwrites.
 */
function ownStorages(recorder: Recorder, surroundings: Slots): Set<Storage> {
  const own = new Set<Storage>();
  const seen = new Set<Storage>();
  for (const call of recorder.calls) {
    for (const { storage } of operandsOf(call)) seen.add(storage);
    for (const { storage } of resultsOf(call)) {
      const outlives = recorder.isOlder(storage) || recorder.writers.has(storage) || surroundings.has(storage);
      if (!seen.has(storage) && !outlives) own.add(storage);
      seen.add(storage);
    }
  }
  return own;
}

/** Calls that something depends on: a result, the surroundings, a check. */
function neededCalls(calls: readonly RecordedCall[], own: ReadonlySet<Storage>, kept: ReadonlySet<Storage>) {
  const wanted = new Set(kept);
  const needed: RecordedCall[] = [];
  for (let i = calls.length - 1; i >= 0; i--) {
    const call = calls[i];
    const written = resultsOf(call);
    if (written.length > 0 && written.every(({ storage }) => own.has(storage) && !wanted.has(storage))) continue;
    for (const { storage } of operandsOf(call)) wanted.add(storage);
    needed.push(call);
  }
  return needed.reverse();
}

function lifetimesOf(calls: readonly RecordedCall[], own: ReadonlySet<Storage>) {
  const lifetimes = new Map<Storage, { first: number; last: number; bytes: number }>();
  calls.forEach((call, i) => {
    for (const { storage } of call.views) {
      const lifetime = lifetimes.get(storage);
      if (lifetime !== undefined) lifetime.last = i;
      else if (own.has(storage)) lifetimes.set(storage, { first: i, last: i, bytes: storage.data.byteLength });
    }
  });
  return lifetimes;
}

/**
 * Effects come before the calls that use them, but after the checks that were made before them: a step that fails has
 * changed what it would have changed without capture. So an effect behind a check begins a new segment.
 */
function segmentsOf(planned: readonly PlannedCall[], effects: readonly Effect[]): Segment[] {
  const segments: { effects: (() => void)[]; calls: PlannedCall[] }[] = [{ effects: [], calls: [] }];
  let next = 0;
  let checked = false;
  for (const { before, run } of effects) {
    for (; next < planned.length && planned[next].index < before; next++) {
      segments[segments.length - 1].calls.push(planned[next]);
      checked ||= planned[next].fail !== undefined;
    }
    if (checked) segments.push({ effects: [], calls: [] });
    checked = false;
    segments[segments.length - 1].effects.push(run);
  }
  segments[segments.length - 1].calls.push(...planned.slice(next));
  return segments;
}
