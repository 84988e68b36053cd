import type { DType, Promoted } from '../../core/dtype.js';
import { ShapeError, ValueError } from '../../core/errors.js';
import { checkAxis, show, sizeOf } from '../../core/shape.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { mul } from '../elementwise/mul.js';
import { sum } from '../reduction/sum.js';
import { expand } from '../shape/expand.js';
import { permute } from '../shape/permute.js';
import { diagonal } from './diagonal.js';
import { matmul } from './matmul.js';

/** A tensor whose axes have names. */
interface Named {
  x: Tensor;
  labels: readonly string[];
}

/**
 * Sums of products in Einstein's notation: a letter names an axis, the same letter the same index, and what the result does
 * not name is summed over. Products of two at a time, by `matmul`, those first whose result is the smallest.
 *
 *     einsum('ij,jk->ik', a, b)            // matmul
 *     einsum('bhqd,bhkd->bhqk', q, k)
 *     einsum('...ii->...', x)              // trace of matrices
 *
 * Without `->` the result has the letters that occur once, in alphabetical order, behind the axes of the dots. An axis of
 * size 1 fits any other.
 *
 * @param equation  letters and at most one `...` for each operand, between commas; spaces count for nothing
 * @param operands  [...] each; the dots stand for axes that broadcast
 * @returns         the axes behind `->`
 * @throws ValueError "einsum: 'ij,jk->ik' names 2 operands; got 1";
 *         ShapeError "einsum: axis j of 'ij,jk->ik' has sizes 3 and 4; shapes [2, 3] and [4, 5]"
 * @source Einstein 1916, "Die Grundlage der allgemeinen Relativitätstheorie", section 5; letters as NumPy's einsum
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  if (typeof equation !== 'string') {
    throw new ValueError(`einsum: the equation comes first, as a text; got ${typeof equation}; write e.g. 'ij,jk->ik'`);
  }
  for (const x of operands) checkTensor('einsum', x);
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const wrong = [...terms, ...(right === undefined ? [] : [right])].find(
    (term) => !/^[A-Za-z]*(\.{3})?[A-Za-z]*$/.test(term),
  );
  if (wrong !== undefined || more.length > 0) {
    throw new ValueError(
      `einsum: a term has letters and at most one '...', and '->' stands once; got '${wrong ?? equation}' in '${equation}'`,
    );
  }
  if (terms.length !== operands.length) {
    throw new ValueError(`einsum: '${equation}' names ${terms.length} operands; got ${operands.length}`);
  }
  const named = operands.map((x, i) => ({ x, labels: labelsOf(equation, terms[i], x) }));
  const sizes = sizesOf(equation, named);
  const output = outputOf(equation, right, named);
  const parts = named.map((part) => fitted(part, sizes));
  const result = contract(parts, output);
  const order = output.filter((label) => result.labels.includes(label)).map((label) => result.labels.indexOf(label));
  const y = permute(result.x, order) as Tensor;
  // An axis whose every operand has size 1 is there with that size.
  const whole: Tensor = y.reshape(
    output.map((label) => (result.labels.includes(label) ? (sizes.get(label) as number) : 1)),
  );
  return expand(
    whole,
    output.map((label) => sizes.get(label) as number),
  ) as Tensor;
}

/** An axis each; those of the dots are numbered from the right. */
function labelsOf(equation: string, term: string, x: Tensor): string[] {
  const letters = term.replace('...', '');
  const dots = x.rank - letters.length;
  if (dots < 0 || (dots > 0 && letters === term)) {
    throw new ShapeError(`einsum: '${term}' of '${equation}' names ${letters.length} axes; got shape ${show(x.shape)}`);
  }
  const at = term.indexOf('...');
  if (at < 0) return [...letters];
  return [...letters.slice(0, at), ...Array.from({ length: dots }, (_, i) => `.${dots - i}`), ...letters.slice(at)];
}

function sizesOf(equation: string, named: readonly Named[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { x, labels } of named) {
    labels.forEach((label, axis) => {
      const [known, size] = [sizes.get(label) ?? 1, x.shape[axis]];
      if (known !== size && known !== 1 && size !== 1) {
        const shapes = named.map((other) => show(other.x.shape)).join(' and ');
        const axisName = label.startsWith('.') ? `${label.slice(1)} from the right of the dots` : label;
        throw new ShapeError(
          `einsum: axis ${axisName} of '${equation}' has sizes ${known} and ${size}; shapes ${shapes}`,
        );
      }
      if (known === 1) sizes.set(label, size);
    });
  }
  return sizes;
}

function outputOf(equation: string, right: string | undefined, named: readonly Named[]): string[] {
  const all = named.flatMap(({ labels }) => labels);
  const dots = [...new Set(all.filter((label) => label.startsWith('.')))].sort(
    (a, b) => Number(b.slice(1)) - Number(a.slice(1)),
  );
  if (right === undefined) {
    const once = all.filter((label) => !label.startsWith('.') && all.indexOf(label) === all.lastIndexOf(label));
    return [...dots, ...once.sort()];
  }
  const at = right.indexOf('...');
  const letters = [...right.replace('...', '')];
  const bad = letters.find((label, i) => !all.includes(label) || letters.indexOf(label) !== i);
  if (bad !== undefined) {
    throw new ValueError(`einsum: the result names axes of operands, each once; got '${bad}' in '${equation}'`);
  }
  return at < 0 ? letters : [...letters.slice(0, at), ...dots, ...letters.slice(at)];
}

/** Without axes of size 1 that stand for longer ones, and with a diagonal where a letter stands twice. */
function fitted({ x, labels }: Named, sizes: ReadonlyMap<string, number>): Named {
  const kept = labels.map((label, axis) => x.shape[axis] === 1 && sizes.get(label) !== 1);
  let y: Tensor = kept.includes(true) ? x.reshape(x.shape.filter((_: number, axis: number) => !kept[axis])) : x;
  let left = labels.filter((_, axis) => !kept[axis]);
  for (let twice = repeated(left); twice !== null; twice = repeated(left)) {
    const [first, second] = twice;
    y = diagonal(y, 0, first, second);
    left = [...left.filter((_, axis) => axis !== first && axis !== second), left[first]];
  }
  return { x: y, labels: left };
}

function repeated(labels: readonly string[]): [number, number] | null {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) !== axis);
  return second < 0 ? null : [labels.indexOf(labels[second]), second];
}

/** The product of all parts, of which only axes that are wanted are left. */
function contract(parts: readonly Named[], output: readonly string[]): Named {
  const left = [...parts];
  const wantedBeside = (...those: Named[]): Set<string> =>
    new Set([...output, ...left.filter((part) => !those.includes(part)).flatMap(({ labels }) => labels)]);
  left.forEach((part, i) => {
    left[i] = summed(part, wantedBeside(part));
  });
  while (left.length > 1) {
    let best: [Named, Named] = [left[0], left[1]];
    let least = Infinity;
    for (let i = 0; i < left.length; i++) {
      for (let j = i + 1; j < left.length; j++) {
        const size = sizeAfter(left[i], left[j], wantedBeside(left[i], left[j]));
        if (size < least) [least, best] = [size, [left[i], left[j]]];
      }
    }
    const product = multiply(...best, wantedBeside(...best));
    const rest = left.filter((part) => !best.includes(part));
    left.splice(0, left.length, ...rest, product);
  }
  return left[0];
}

/** Sums over the axes that nobody else wants. */
function summed({ x, labels }: Named, wanted: ReadonlySet<string>): Named {
  const gone = labels.flatMap((label, axis) => (wanted.has(label) ? [] : [axis]));
  if (gone.length === 0) return { x, labels };
  return { x: sum(x, gone) as Tensor, labels: labels.filter((label) => wanted.has(label)) };
}

function sizeAfter(a: Named, b: Named, wanted: ReadonlySet<string>): number {
  const sizes = new Map(
    [a, b].flatMap(({ x, labels }) => labels.map((label, axis) => [label, x.shape[axis] as number])),
  );
  return [...sizes].reduce((size, [label, d]) => (wanted.has(label) ? size * d : size), 1);
}

/** The product of two, as one of matrices: axes of both that stay lead, those that go are summed over. */
function multiply(a: Named, b: Named, wanted: ReadonlySet<string>): Named {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => wanted.has(label));
  const gone = shared.filter((label) => !wanted.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const sizeIn = ({ x, labels }: Named, names: readonly string[]): number[] =>
    names.map((label) => x.shape[labels.indexOf(label)]);
  const matrix = (part: Named, first: readonly string[], second: readonly string[]): Tensor => {
    const order = [...batch, ...first, ...second].map((label) => part.labels.indexOf(label));
    const turned = permute(part.x, order) as Tensor;
    return turned.reshape([...sizeIn(part, batch), sizeOf(sizeIn(part, first)), sizeOf(sizeIn(part, second))]);
  };
  const [left, right] = [matrix(a, rows, gone), matrix(b, gone, columns)];
  const product: Tensor = gone.length === 0 ? mul(left, right) : matmul(left, right);
  const labels = [...batch, ...rows, ...columns];
  return { x: product.reshape([...sizeIn(a, batch), ...sizeIn(a, rows), ...sizeIn(b, columns)]), labels };
}

/**
 * Sums of products over pairs of axes: the last of a with the first of b, or those that are named.
 *
 * @param a     [...]
 * @param b     [...]
 * @param axes  how many, or the axes of a and those of b; default 2
 * @returns     a's axes that are left, then b's
 * @throws ShapeError "tensordot: axes must have equal sizes; got [3] of [2, 3] and [4] of [4, 5]"
 */
export function tensordot<D extends DType, E extends DType>(
  a: Tensor<any, D>,
  b: Tensor<any, E>,
  axes: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor<any, Promoted<D, E>> {
  checkTensor('tensordot', a);
  checkTensor('tensordot', b);
  const count = typeof axes === 'number' ? axes : axes[0].length;
  const numbers = Array.from({ length: count }, (_, i) => i);
  const [first, second] = typeof axes === 'number' ? [numbers.map((i) => i - count), numbers] : axes;
  const left = first.map((axis) => checkAxis('tensordot', axis, a.rank));
  const right = second.map((axis) => checkAxis('tensordot', axis, b.rank));
  const [p, q] = [left.map((axis) => a.shape[axis]), right.map((axis) => b.shape[axis])];
  if (show(p) !== show(q)) {
    throw new ShapeError(
      `tensordot: axes must have equal sizes; got ${show(p)} of ${show(a.shape)} and ${show(q)} of ${show(b.shape)}`,
    );
  }
  const others = (x: Tensor, used: readonly number[]): number[] =>
    x.shape.map((_: number, i: number) => i).filter((i: number) => !used.includes(i));
  const [rows, columns] = [others(a, left), others(b, right)];
  const shape = [...rows.map((i) => a.shape[i] as number), ...columns.map((i) => b.shape[i] as number)];
  const matrix = permute(a, [...rows, ...left]).reshape([sizeOf(rows.map((i) => a.shape[i])), sizeOf(p)]) as Tensor;
  const other = permute(b, [...right, ...columns]).reshape([
    sizeOf(q),
    sizeOf(columns.map((i) => b.shape[i])),
  ]) as Tensor;
  return matmul(matrix, other).reshape(shape) as Tensor;
}
