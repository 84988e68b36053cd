import { readFileSync } from 'node:fs';
import { arrayOf, type RealDType } from '../../lib/core/dtype.js';

/** An array as NumPy saved it; see data/from_numpy.py. */
export interface NumpyCase {
  name: string;
  dtype: string;
  shape: number[];
  values: (number | boolean | string)[];
  npy: string;
}

interface Fixtures {
  cases: NumpyCase[];
  archives: Record<string, string>;
  refused: Record<string, string>;
}

export const fromNumpy = JSON.parse(readFileSync(new URL('data/from_numpy.json', import.meta.url), 'utf8')) as Fixtures;

export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

/** What we hold NumPy's types as. */
const heldAs: Record<string, RealDType> = {
  b1: 'bool',
  u1: 'uint8',
  ...{ i1: 'int32', u2: 'int32', i2: 'int32', u4: 'int32', i4: 'int32', u8: 'int32', i8: 'int32' },
  ...{ f2: 'float32', f4: 'float32', f8: 'float64' },
};

export function expected({ dtype, shape, values }: NumpyCase): { dtype: RealDType; shape: number[]; data: unknown } {
  const held = heldAs[dtype.slice(1)];
  const numbers = values.map((value) => (value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value)));
  return { dtype: held, shape, data: new arrayOf[held](numbers) };
}
