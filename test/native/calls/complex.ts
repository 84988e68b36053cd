import { each, floats, type KernelCall, type Operand, of, ofRows } from './operand.js';

/** Pairs of real and imaginary part lie side by side: of these views the rows alone could be elsewhere. */
export function complex(): KernelCall[] {
  const lines = (t: Operand['dtype'], outer: number, n: number, inner: number) => ({
    real: of(t)([outer, n, inner]),
    pairs: of(t)([outer, n, inner, 2]),
    half: of(t)([outer, n / 2 + 1, inner, 2]),
    roots: of(t)([n, 2], 'roots'),
  });
  const sizes = [
    [19, 30, 1],
    [2, 14, 21],
    [1, 286, 3],
  ];
  // Of prime lengths n, with the steps of 2n − 1 if there are some.
  const convolutions = [
    [19, 17, 1],
    [2, 23, 21],
    [2, 313, 1, 25, 25],
  ];
  return ofRows([
    ...each('complexMul complexDiv', floats, (t) => [of(t)([3, 41, 2]), of(t)([3, 41, 2]), of(t)([41, 2], 'positive')]),
    ...each('conj', floats, (t) => [of(t)([3, 41, 2]), of(t)([3, 41, 2])]),
    ...each('complexAbs', floats, (t) => [of(t)([3, 41]), of(t)([3, 41, 2])]),
    ...sizes.flatMap(([outer, n, inner]) => {
      const view = (t: Operand['dtype']) => lines(t, outer, n, inner);
      return [
        ...each('fft', floats, (t) => [view(t).pairs, view(t).pairs, view(t).roots], [0, 1]),
        ...each('fft', floats, (t) => [view(t).pairs, view(t).pairs, view(t).roots], [1, 0.5]),
        ...each('rfft', floats, (t) => [view(t).half, view(t).real, view(t).roots], [1]),
        ...each('irfft', floats, (t) => [view(t).real, view(t).half, view(t).roots], [0.5]),
      ];
    }),
    ...convolutions.flatMap(([outer, n, inner, ...steps]) =>
      each(
        'fft',
        floats,
        (t) => {
          const { pairs } = lines(t, outer, n, inner);
          const constants = [of(t)([2 * n - 1, 2], 'roots'), of(t)([n, 2], 'chirp'), of(t)([2 * n - 1, 2], 'filter')];
          return [pairs, pairs, ...constants, ...(steps.length > 0 ? [of(t)([2, ...steps], 'roots')] : [])];
        },
        [0, 1],
      ),
    ),
    ...each(
      'fft',
      floats,
      (t) => {
        const { pairs, roots } = lines(t, 2, 600, 1);
        return [pairs, pairs, roots, of(t)([2, 24, 25], 'roots')];
      },
      [0, 1],
    ),
    ...each(
      'rfft',
      floats,
      (t) => {
        const { half, real, roots } = lines(t, 2, 600, 1);
        return [half, real, roots, of(t)([2, 15, 20], 'roots')];
      },
      [1],
    ),
    ...each(
      'irfft',
      floats,
      (t) => {
        const { half, real, roots } = lines(t, 2, 600, 1);
        return [real, half, roots, of(t)([2, 15, 20], 'roots')];
      },
      [1],
    ),
  ]);
}
