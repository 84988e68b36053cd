import {
  arrayOf,
  bytesPerElement,
  type DType,
  isComplex,
  partDType,
  type RealDType,
  type TypedArray,
} from '../core/dtype.js';
import { sizeOf } from '../core/shape.js';
import { allocateShared } from '../core/storage.js';
import type { Shape } from '../core/types.js';
import { clone } from '../ops/shape/contiguous.js';
import { fromStorage } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';

/*
 * The weights of the last finished step, from the thread that trains to the one that serves: a triple buffer.
 *
 * Of three slots the writer owns one, the reader another; the third is in the middle. The writer fills its slot and
 * exchanges it with the middle one, the reader exchanges its own with the middle one when that is newer: a single
 * atomic exchange on either side. So nobody ever waits, what is read is of one step, and a writer that dies while it
 * writes leaves the other two slots whole. A sequence lock would need a third of the memory, but its reader starts
 * again whenever a step ends while it copies, without a bound when steps are shorter than copying, and reads memory
 * that is being written.
 */

/** What the reader needs to find the weights; it can be sent to another thread. */
export interface SharedWeights {
  buffer: SharedArrayBuffer;
  /** First byte of the control word; the slots follow it. */
  start: number;
  slotBytes: number;
  tensors: readonly { name: string; dtype: DType; shape: Shape }[];
}

/** Weights as a finished step left them. */
export interface WeightsOfStep {
  /** Steps done by then; 0 before the first. */
  step: number;
  /** For `model.loadStateDict`; in memory of its own. */
  state: Map<string, Tensor>;
}

/** Start of a cache line: the control word, every slot and every tensor have lines of their own. */
const align = (bytes: number): number => (bytes + 63) & -64;
const numbersOf = (dtype: DType, shape: Shape): number => sizeOf(shape) * (isComplex(dtype) ? 2 : 1);
const bytesOf = (dtype: DType, shape: Shape): number =>
  align(numbersOf(dtype, shape) * bytesPerElement[partDType(dtype) as RealDType]);
/** The control word: the middle slot's number, and whether the reader has not seen it. */
const slotBits = 3;
const fresh = 4;

interface Slot {
  /** One number: the step whose weights these are. A float64 counts further than an int32. */
  step: Float64Array;
  tensors: Tensor[];
}

/** The control word and the slots, as either side sees them. */
function open({ buffer, start, slotBytes, tensors }: SharedWeights): { control: Int32Array; slots: Slot[] } {
  const slots = [0, 1, 2].map((slot) => {
    const begin = start + align(4) + slot * slotBytes;
    let at = begin + align(8);
    return {
      step: new Float64Array(buffer, begin, 1),
      tensors: tensors.map(({ dtype, shape }) => {
        const Array: new (buffer: ArrayBufferLike, start: number, size: number) => TypedArray =
          arrayOf[partDType(dtype) as RealDType];
        const tensor = fromStorage(new Array(buffer, at, numbersOf(dtype, shape)), shape, dtype);
        at += bytesOf(dtype, shape);
        return tensor;
      }),
    };
  });
  return { control: new Int32Array(buffer, start, 1), slots };
}

/** The side of the thread that trains. */
export class WeightsWriter {
  readonly shared: SharedWeights;
  readonly #source: readonly Tensor[];
  readonly #control: Int32Array;
  readonly #slots: readonly Slot[];
  #own = 0;

  /** @param source  a model's `stateDict()`, which shares the model's memory */
  constructor(source: ReadonlyMap<string, Tensor>) {
    const tensors = [...source].map(([name, { dtype, shape }]) => ({ name, dtype: dtype as DType, shape }));
    const slotBytes = tensors.reduce((bytes, { dtype, shape }) => bytes + bytesOf(dtype, shape), align(8));
    this.shared = { ...allocateShared(align(4) + 3 * slotBytes), slotBytes, tensors };
    this.#source = [...source.values()];
    const { control, slots } = open(this.shared);
    this.#control = control;
    this.#slots = slots;
    control[0] = 1;
  }

  /** Hands over the source's values as those of `step`. */
  publish(step: number): void {
    const slot = this.#slots[this.#own];
    slot.step[0] = step;
    for (const [i, tensor] of slot.tensors.entries()) tensor.assign(this.#source[i]);
    this.#own = Atomics.exchange(this.#control, 0, this.#own | fresh) & slotBits;
  }
}

/** The side of the thread that serves; there must be only one. */
export class WeightsReader {
  readonly #names: readonly string[];
  readonly #control: Int32Array;
  readonly #slots: readonly Slot[];
  #own = 2;

  constructor(shared: SharedWeights) {
    this.#names = shared.tensors.map(({ name }) => name);
    const { control, slots } = open(shared);
    this.#control = control;
    this.#slots = slots;
  }

  /** The last step whose weights were handed over. */
  get step(): number {
    return this.#latest().step[0];
  }

  /** Its weights. */
  read(): WeightsOfStep {
    const { step, tensors } = this.#latest();
    return { step: step[0], state: new Map(tensors.map((tensor, i) => [this.#names[i], clone(tensor)])) };
  }

  #latest(): Slot {
    if ((Atomics.load(this.#control, 0) & fresh) !== 0) {
      this.#own = Atomics.exchange(this.#control, 0, this.#own) & slotBits;
    }
    return this.#slots[this.#own];
  }
}
