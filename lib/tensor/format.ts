import { type DType, fromBfloat16, isComplex, isFloat, partDType, toBfloat16 } from '../core/dtype.js';
import { valueRead } from '../core/recording.js';
import type { Shape } from '../core/types.js';
import { parts, type Tensor } from './tensor.js';

/*
 * A tensor as text, by NumPy's rules (numpy/_core/arrayprint.py): brackets, alignment, rounding, scientific notation,
 * line breaks and abbreviation, with four digits after the point.
 */

/** Arrays with more elements than this are printed by their edges. */
const threshold = 1000;
/** How many elements stand at each edge. */
const edge = 3;
const precision = 4;
const lineWidth = 75;
const prefix = 'tensor(';

/** `tensor([[1., 2.], [3., 4.]], float32)`, rows on lines of their own. */
export function format(x: Tensor): string {
  const values = x.size === 0 ? '[]' : layOut(x);
  const empty = x.size === 0 && x.rank > 1 ? `, shape=[${x.shape.join(', ')}]` : '';
  const history = x.node !== null ? `, op=${x.node.op}` : x.requiresGrad ? ', requiresGrad' : '';
  return `${prefix}${values}, ${x.dtype}${empty}${history})`;
}

/** The elements in their brackets. */
function layOut(x: Tensor): string {
  const shape: Shape = x.shape;
  const { strides, offset, storage } = parts(x);
  valueRead('toString()');
  const { data } = storage;
  const shown = shape.map((size) => shownAlong(size, x.size > threshold));
  const positions = (axis: number, start: number): number[] =>
    axis === shape.length
      ? [start]
      : shown[axis].flatMap((i) => (i === null ? [] : positions(axis + 1, start + i * strides[axis])));
  const show = reader(data, positions(0, offset), x.dtype);

  const build = (axis: number, start: number): string => {
    if (axis === shape.length) return show(start);
    const texts = shown[axis].map((i) => (i === null ? '...' : build(axis + 1, start + i * strides[axis])));
    const indent = ' '.repeat(prefix.length + axis + 1);
    const blankLines = shape.length - axis - 1;
    return `[${blankLines === 0 ? wrap(texts, indent) : texts.join(`,${'\n'.repeat(blankLines)}${indent}`)}]`;
  };
  return build(0, offset);
}

/** Gives the text of the element at a place of memory, as wide as those at the places given. */
function reader(data: ArrayLike<number>, places: readonly number[], dtype: DType): (at: number) => string {
  const decode = dtype === 'bfloat16' ? fromBfloat16 : (value: number) => value;
  if (!isComplex(dtype)) {
    const show = formatter(
      places.map((at) => decode(data[at])),
      dtype,
    );
    return (at) => show(decode(data[at]));
  }
  const real = formatter(
    places.map((at) => data[at]),
    partDType(dtype),
  );
  const imaginary = formatter(
    places.map((at) => Math.abs(data[at + 1])),
    partDType(dtype),
  );
  // The sign stands before the digits, the j behind them: `1.  -2.5j`, `0.5+10.j `.
  return (at) => {
    const text = imaginary(Math.abs(data[at + 1]));
    const digits = text.trim();
    const [before, after] = text.split(digits);
    return `${real(data[at])}${before}${sign(data[at + 1]) || '+'}${digits}j${after}`;
  };
}

/** The indices along an axis that are printed; null stands for those left out. */
function shownAlong(size: number, abbreviate: boolean): readonly (number | null)[] {
  if (abbreviate && size > 2 * edge) return [0, 1, 2, null, size - 3, size - 2, size - 1];
  return Array.from({ length: size }, (_, i) => i);
}

/** A row's elements, broken into lines that leave room for the closing brackets. */
function wrap(parts: readonly string[], indent: string): string {
  const width = lineWidth - (indent.length - prefix.length);
  const lines: string[] = [];
  let line = indent;
  parts.forEach((part, i) => {
    if (line.length + part.length > width && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += i < parts.length - 1 ? `${part}, ` : part;
  });
  return [...lines, line].join('\n').slice(indent.length);
}

/** One element's text, equally wide for all of them. */
function formatter(values: readonly number[], dtype: DType): (value: number) => string {
  if (!isFloat(dtype)) {
    const text = dtype === 'bool' ? (value: number): string => String(value !== 0) : String;
    const width = Math.max(...values.map((value) => text(value).length));
    return (value) => text(value).padStart(width);
  }
  const sizes = values.map(Math.abs).filter((a) => a > 0 && a < Infinity);
  const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
  const scientific = sizes.length > 0 && (largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000);
  const finite = values.filter(Number.isFinite).map((value) => shortest(value, dtype));
  const text = scientific ? scientificText(finite) : fixedText(finite);
  const width = Math.max(...values.map((value) => special(value)?.length ?? text(shortest(value, dtype)).length));
  return (value) => (special(value) ?? text(shortest(value, dtype))).padStart(width);
}

const special = (value: number): string | undefined =>
  Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : undefined;

/** The number with the fewest decimal digits that rounds to this one in its dtype: 0.1, not 0.10000000149. */
function shortest(value: number, dtype: DType): number {
  if (dtype === 'float64' || value === 0) return value;
  const round = dtype === 'float32' ? Math.fround : (x: number): number => fromBfloat16(toBfloat16(x));
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (round(candidate) === value) return candidate;
  }
  return value;
}

const sign = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');
const withoutZeros = (digits: string): string => digits.replace(/0+$/, '');

/** A tie between two texts goes to the even one, as in NumPy; JavaScript takes the larger. */
function tieToEven(value: number, decimals: number): number {
  const scaled = value * 10 ** decimals;
  return Math.abs(scaled % 1) === 0.5 ? (2 * Math.round(scaled / 2)) / 10 ** decimals : value;
}

/** `1.5 `, `10.25`: points stand under each other, blanks in place of zeros at the end. */
function fixedText(finite: readonly number[]): (value: number) => string {
  const split = (value: number): [whole: string, fraction: string] => {
    const [whole, fraction] = tieToEven(Math.abs(value), precision).toFixed(precision).split('.');
    return [whole, withoutZeros(fraction)];
  };
  const decimals = Math.max(0, ...finite.map((value) => split(value)[1].length));
  return (value) => {
    const [whole, fraction] = split(value);
    return `${sign(value)}${whole}.${fraction.padEnd(decimals)}`;
  };
}

/** `1.50e-03`: as many digits after the point as the longest needs, exponents of at least two digits and equal length. */
function scientificText(finite: readonly number[]): (value: number) => string {
  const split = (value: number): { whole: string; fraction: string; exponent: string } => {
    const size = Math.abs(value);
    const magnitude = Number(size.toExponential().split('e')[1]);
    const [mantissa, exponent] = tieToEven(size, precision - magnitude)
      .toExponential(precision)
      .split('e');
    const [whole, fraction] = mantissa.split('.');
    return { whole, fraction: withoutZeros(fraction), exponent };
  };
  const parts = finite.map(split);
  const decimals = Math.max(0, ...parts.map(({ fraction }) => fraction.length));
  const digits = Math.max(2, ...parts.map(({ exponent }) => exponent.length - 1));
  return (value) => {
    const { whole, fraction, exponent } = split(value);
    const power = exponent[0] + exponent.slice(1).padStart(digits, '0');
    return `${sign(value)}${whole}.${fraction.padEnd(decimals, '0')}e${power}`;
  };
}
