import type { Tensor } from './tensor.js';

/** Arrays with more elements than this are printed by their edges (NumPy's default). */
const threshold = 1000;
/** How many elements stand at each edge. */
const edge = 3;
const precision = 4;

/** `tensor([[1, 2], [3, 4]], float32)`: brackets, alignment, rounding and abbreviation as NumPy has them. */
export function format(x: Tensor): string {
  const values = x.data();
  const { shape, dtype } = x;
  const show = formatter(x.dtype === 'bfloat16' ? x.to('float32').data() : values, dtype);
  const data = dtype === 'bfloat16' ? x.to('float32').data() : values;
  const abbreviate = x.size > threshold;
  const prefix = 'tensor(';

  const build = (axis: number, start: number, stride: number): string => {
    if (axis === shape.length) return show(data[start]);
    const inner = stride / shape[axis];
    const n: number = shape[axis];
    const indices =
      abbreviate && n > 2 * edge ? [0, 1, 2, -1, n - 3, n - 2, n - 1] : Array.from({ length: n }, (_, i) => i);
    const parts = indices.map((i) => (i === -1 ? '...' : build(axis + 1, start + i * inner, inner)));
    const lines = shape.length - axis - 1;
    const pad = ' '.repeat(prefix.length + axis + 1);
    return `[${parts.join(lines === 0 ? ', ' : `,${'\n'.repeat(lines)}${pad}`)}]`;
  };
  const history = x.node !== null ? `, op=${x.node.op}` : x.requiresGrad ? ', requiresGrad' : '';
  const emptyShape = x.size === 0 ? `, shape=[${shape.join(', ')}]` : '';
  return `${prefix}${x.size === 0 ? '[]' : build(0, 0, x.size)}, ${dtype}${emptyShape}${history})`;
}

/** One element's text, equally wide for all of them. */
function formatter(data: ArrayLike<number>, dtype: string): (value: number) => string {
  const texts = (text: (value: number) => string) => {
    let width = 0;
    for (let i = 0; i < data.length; i++) width = Math.max(width, text(data[i]).length);
    return (value: number): string => text(value).padStart(width);
  };
  if (dtype === 'bool') return texts((value) => (value ? 'true' : 'false'));
  if (!dtype.includes('float')) return texts(String);

  let largest = 0;
  let smallest = Infinity;
  for (let i = 0; i < data.length; i++) {
    const a = Math.abs(data[i]);
    if (!Number.isFinite(a) || a === 0) continue;
    largest = Math.max(largest, a);
    smallest = Math.min(smallest, a);
  }
  const scientific = largest >= 1e8 || (smallest < 1e-4 && smallest !== Infinity) || largest / smallest > 1e3 * 1e4;
  const special = (value: number): string | undefined =>
    Number.isNaN(value) ? 'nan' : value === Infinity ? 'inf' : value === -Infinity ? '-inf' : undefined;
  if (scientific) {
    return texts((value) => special(value) ?? value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2'));
  }
  // As many decimals as the longest needs, at most four; a whole number keeps its point.
  let decimals = 0;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) continue;
    const fraction = data[i].toFixed(precision).split('.')[1].replace(/0+$/, '');
    decimals = Math.max(decimals, fraction.length);
  }
  return texts((value) => special(value) ?? (decimals === 0 ? `${value.toFixed(0)}.` : value.toFixed(decimals)));
}
