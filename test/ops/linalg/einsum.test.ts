import { einsum, type Tensor, tensor, tensordot, zeros } from 'adjoint';
import { expect, it } from 'vitest';
import { at, build, indices } from '../../axes.js';
import { type Plain, spec } from '../../harness.js';

/** The sum over every index of all letters; the equation without dots, with its result. */
function summed(operands: Plain[], equation: string): Plain {
  const [left, output] = equation.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  for (const [k, term] of terms.entries()) {
    for (const [axis, letter] of [...term].entries()) {
      sizes.set(letter, Math.max(sizes.get(letter) ?? 0, operands[k].shape[axis]));
    }
  }
  const gone = [...sizes.keys()].filter((letter) => !output.includes(letter));
  return build(
    [...output].map((letter) => sizes.get(letter) as number),
    (kept) => {
      let total = 0;
      for (const rest of indices(gone.map((letter) => sizes.get(letter) as number))) {
        const place = (letter: string) =>
          output.includes(letter) ? kept[output.indexOf(letter)] : rest[gone.indexOf(letter)];
        total += terms.reduce((product, term, k) => {
          const index = [...term].map((letter, axis) => (operands[k].shape[axis] === 1 ? 0 : place(letter)));
          return product * at(operands[k], index);
        }, 1);
      }
      return total;
    },
  );
}

/** The equation, what it means in full, and the shapes. */
const cases: [equation: string, full: string, ...shapes: number[][]][] = [
  ['ij,jk->ik', 'ij,jk->ik', [2, 3], [3, 4]],
  ['ij,jk', 'ij,jk->ik', [2, 3], [3, 2]],
  ['ba', 'ba->ab', [2, 3]],
  ['i,i->', 'i,i->', [3], [3]],
  ['i , j -> ji', 'i,j->ji', [2], [3]],
  ['ii', 'ii->', [3, 3]],
  ['ii->i', 'ii->i', [3, 3]],
  ['iij,jk->ik', 'iij,jk->ik', [2, 2, 3], [3, 2]],
  ['...ij,...jk->...ik', 'aij,ajk->aik', [2, 2, 3], [2, 3, 2]],
  ['...i->...', 'abi->ab', [2, 1, 3]],
  ['a...,...', 'ab,b->ba', [2, 3], [3]],
  ['bij,bjk,bkl->bil', 'bij,bjk,bkl->bil', [2, 2, 3], [2, 3, 1], [2, 1, 2]],
  ['ij,j->i', 'ij,j->i', [2, 3], [1]],
  ['ij,kj->', 'ij,kj->', [2, 3], [2, 3]],
  ['ab,bc,cd->ad', 'ab,bc,cd->ad', [3, 2], [2, 4], [4, 1]],
  ['i->', 'i->', [0]],
];

spec('einsum', (...args: unknown[]) => einsum(args[args.length - 2] as string, ...(args.slice(0, -2) as Tensor[])), {
  reference: (operands, _, full) => summed(operands, full),
  samples: cases.map(([equation, full, ...shapes]) => ({
    operands: shapes.map((shape) => ({ shape })),
    args: [equation, full],
    smooth: !shapes.flat().includes(0),
  })),
  slack: 8,
  errors: [
    {
      call: () => einsum(zeros([2]) as never, zeros([2])),
      says: "einsum: the equation comes first, as a text; got object; write e.g. 'ij,jk->ik'",
    },
    { call: () => einsum('ij,jk->ik', zeros([2, 3])), says: "einsum: 'ij,jk->ik' names 2 operands; got 1" },
    {
      call: () => einsum('ij,jk->ik', zeros([2, 3]), zeros([4, 5])),
      says: "einsum: axis j of 'ij,jk->ik' has sizes 3 and 4; shapes [2, 3] and [4, 5]",
    },
    {
      call: () => einsum('...i,...i', zeros([2, 3]), zeros([4, 3])),
      says: "einsum: axis 1 from the right of the dots of '...i,...i' has sizes 2 and 4; shapes [2, 3] and [4, 3]",
    },
    { call: () => einsum('ij', zeros([2])), says: "einsum: 'ij' of 'ij' names 2 axes; got shape [2]" },
    { call: () => einsum('i', zeros([2, 3])), says: "einsum: 'i' of 'i' names 1 axes; got shape [2, 3]" },
    {
      call: () => einsum('i->j', zeros([2])),
      says: "einsum: the result names axes of operands, each once; got 'j' in 'i->j'",
    },
    {
      call: () => einsum('i1->', zeros([2])),
      says: "einsum: a term has letters and at most one '...', and '->' stands once; got 'i1' in 'i1->'",
    },
  ],
});

spec('tensordot', tensordot, {
  reference: ([a, b], axes) => {
    const letters = 'abcdefgh';
    const left = [...letters.slice(0, a.shape.length)];
    const right = [...letters.slice(a.shape.length, a.shape.length + b.shape.length)];
    const count = typeof axes === 'number' ? axes : axes[0].length;
    const pairs = Array.from({ length: count }, (_, i) =>
      typeof axes === 'number' ? [a.shape.length - count + i, i] : [axes[0][i], axes[1][i]],
    );
    for (const [i, j] of pairs) right[j] = left[i];
    const once = [...left, ...right].filter((letter, _, all) => all.indexOf(letter) === all.lastIndexOf(letter));
    return summed([a, b], `${left.join('')},${right.join('')}->${once.join('')}`);
  },
  samples: [
    { operands: [{ shape: [2, 3, 2] }, { shape: [3, 2, 2] }], args: [2] },
    { operands: [{ shape: [2, 3] }, { shape: [3, 2] }], args: [1] },
    { operands: [{ shape: [2] }, { shape: [3] }], args: [0] },
    {
      operands: [{ shape: [2, 3, 4] }, { shape: [4, 2] }],
      args: [
        [
          [0, 2],
          [1, 0],
        ],
      ],
    },
  ],
  slack: 8,
  errors: [
    {
      call: () => tensordot(zeros([2, 3]), zeros([4, 5]), 1),
      says: 'tensordot: axes must have equal sizes; got [3] of [2, 3] and [4] of [4, 5]',
    },
  ],
});

it('einsum multiplies the smallest first', () => {
  // ((a b) c) has 10⁶ elements on its way, (a (b c)) ten.
  const [column, row, last] = [zeros([1000, 1]), zeros([1, 1000]), zeros([1000, 1])];
  expect(einsum('ij,jk,kl->il', column.add(1), row.add(1), last.add(1)).sum().item()).toBe(1e6);
  expect(
    einsum(
      'ii->i',
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).toArray(),
  ).toEqual([1, 4]);
});
