import { numberOf, type View, withNumber } from '../backend/index.js';
import { contiguousStrides } from '../core/shape.js';
import { allocate, type Storage } from '../core/storage.js';
import { operandsOf, resultsOf } from './fuse.js';
import type { RecordedCall } from './recorder.js';

/*
 * What a step computes from memory that it only reads is the same in every call until that memory is written: it is computed
 * once and kept. Weights of an evaluation are kept in the layout in which products read them.
 */

/** Columns of a panel; every instruction set's tile divides it. native/gemm/microkernel.h */
const panelColumns = 32;

/** Rows of a product that repay packing its right operand, but do not hide it; a longer sum is cut into slices. */
const rows = { least: 17, most: 512 };
const depth = { least: 49, most: 1 << 14 };

/**
 * y = a · Wᵀ of a W that lasts, with its columns in panels: the same sums in the same order.
 *
 * @param own  storages of the step's own, to which those of the panels are added
 */
export function packWeights(
  calls: readonly RecordedCall[],
  own: Set<Storage>,
  lasts: (storage: Storage) => boolean,
): RecordedCall[] {
  const packings = new Map<string, RecordedCall>();
  const idOf = ({ storage, offset, shape, strides }: View): string => [storage.id, offset, shape, strides].join();
  return calls.flatMap((call) => {
    const { views, index, caller } = call;
    const [y, a, b] = views;
    if (numberOf(call, 'panels') !== 0 || numberOf(call, 'rounds') === 1) return call;
    if (!isPackable(y, a, b) || !lasts(b.storage)) return call;
    const [k, n] = b.shape;
    const before = packings.get(idOf(b));
    const shape = [n / panelColumns, k, panelColumns];
    const [row, column] = b.strides;
    const packing: RecordedCall = before ?? {
      kernel: 'copy',
      views: [
        { storage: allocate(b.dtype, k * n), dtype: b.dtype, offset: 0, shape, strides: contiguousStrides(shape) },
        { storage: b.storage, dtype: b.dtype, offset: b.offset, shape, strides: [panelColumns * column, row, column] },
      ],
      numbers: [],
      index,
      ...(caller && { caller }),
    };
    packings.set(idOf(b), packing);
    const [panels] = packing.views;
    own.add(panels.storage);
    const product = { ...call, views: [y, a, panels, ...views.slice(3)], numbers: withNumber(call, 'panels', 1) };
    return before === undefined ? [packing, product] : product;
  });
}

/** Whether a product would pack its right operand: one that lies along the depth, beside enough rows. */
function isPackable(y: View, a: View, b: View): boolean {
  if (y.shape.length !== 2 || b.dtype !== y.dtype || a.dtype !== y.dtype) return false;
  if (y.dtype !== 'float32' && y.dtype !== 'float64') return false;
  const [m, n] = y.shape;
  const [k] = b.shape;
  const along = b.strides[0] === 1 && b.strides[1] !== 1;
  const within = m >= rows.least && m <= rows.most && k >= depth.least && k <= depth.most;
  return along && within && n % panelColumns === 0;
}

/** Calls whose results are the same in every run, and the others. */
export function splitLasting(
  calls: readonly RecordedCall[],
  own: ReadonlySet<Storage>,
  kept: ReadonlySet<Storage>,
  lasts: (storage: Storage) => boolean,
): { lasting: RecordedCall[]; rest: RecordedCall[] } {
  const writes = new Map<Storage, number>();
  for (const { storage } of calls.flatMap(resultsOf)) writes.set(storage, (writes.get(storage) ?? 0) + 1);
  const computed = new Set<Storage>();
  const lasting: RecordedCall[] = [];
  const rest = calls.filter((call) => {
    const results = resultsOf(call);
    const isLasting =
      results.length > 0 &&
      call.live === undefined &&
      results.every(({ storage }) => own.has(storage) && !kept.has(storage) && writes.get(storage) === 1) &&
      operandsOf(call).every(({ storage }) => computed.has(storage) || lasts(storage));
    if (!isLasting) return true;
    for (const { storage } of results) computed.add(storage);
    lasting.push(call);
    return false;
  });
  return { lasting, rest };
}
