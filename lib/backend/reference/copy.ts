import type { DType } from '../../core/dtype.js';
import { type KernelTable, read, writable } from './loops.js';

/** A number as an element of the dtype: integers saturate and lose their fraction, NaN gives 0. */
function converter(from: DType, to: DType): ((x: number) => number) | undefined {
  if (to === 'bool') return (x) => (x !== 0 ? 1 : 0);
  if (to !== 'uint8' && to !== 'int32') return undefined;
  if (from === 'bool' || from === 'uint8' || from === 'int32') return undefined;
  const [low, high] = to === 'uint8' ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  return (x) => (Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), low), high));
}

export const copyKernels: KernelTable = {
  copy([y, x]) {
    const from = read(x, y.shape);
    const { values, done } = writable(y);
    const convert = converter(x.dtype, y.dtype);
    if (convert === undefined) values.set(from);
    else for (let i = 0; i < values.length; i++) values[i] = convert(from[i]);
    done();
  },

  fill([y], [value]) {
    const { values, done } = writable(y);
    values.fill(y.dtype === 'bool' ? Number(value !== 0) : value);
    done();
  },
};
