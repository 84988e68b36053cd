import type { ElementwiseFunction } from '../../../lib/backend/native.js';
import { type RealDType, realDTypes } from '../../../lib/core/dtype.js';
import {
  bool,
  column,
  each,
  floats,
  int32,
  type KernelCall,
  numbers,
  of,
  ordered,
  row,
  type Shape,
  wide,
} from './operand.js';

/** The dtypes that `native/elementwise.inc` names. */
const dtypesOf: Readonly<Record<string, readonly RealDType[]>> = {
  Numbers: numbers,
  Ordered: ordered,
  Floats: floats,
  Curves: floats,
};
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];

export function elementwise(functions: readonly ElementwiseFunction[]): KernelCall[] {
  const codeOf = (wanted: string): number => functions.findIndex(({ name }) => name === wanted);
  const shapes: [Shape, Shape][] = [
    [wide, wide],
    [wide, column],
    [row, wide],
  ];
  const unary = functions.flatMap(({ name, sources, types }) =>
    sources === 1 ? each(name, dtypesOf[types], (t) => [of(t)(wide), of(t)(wide)]) : [],
  );
  const binary = functions.flatMap(({ name, sources, types }): KernelCall[] => {
    if (sources !== 2) return [];
    const result = (dtype: RealDType): RealDType => (comparisons.includes(name) ? 'bool' : dtype);
    return shapes.flatMap(([a, b]) =>
      each(name, dtypesOf[types], (t) => {
        // celu divides by its number, which is > 0.
        if (name === 'celu') return [of(t)(wide), of(t)(a), of(t)(b, 'positive')];
        if (name !== 'pow') return [of(result(t))(wide), of(t)(a), of(t)(b)];
        return t === 'int32' ? [int32(wide), int32(a), int32(b, 5)] : [of(t)(wide), of(t)(a, 'positive'), of(t)(b)];
      }),
    );
  });
  const ternary = functions.flatMap(({ name, sources, types }) =>
    sources === 3
      ? [...shapes, [row, column] as const].flatMap(([b, c]) =>
          each(name, dtypesOf[types], (t) => {
            // The last number of celu is > 0, which its gradient divides by.
            const last = name === 'celuGradient' ? of(t)(c, 'positive') : of(t)(c);
            return [of(t)(wide), of(t)(wide), of(t)(b), last];
          }),
        )
      : [],
  );
  return [
    ...unary,
    ...binary,
    ...ternary,
    ...shapes.flatMap(([a, b]) => [
      ...each('where', realDTypes, (t) => [of(t)(wide), bool(column), of(t)(a), of(t)(b)]),
      // tanh(relu(a · b) + a)
      ...each('chain', floats, (t) => [of(t)(wide), of(t)(a), of(t)(b)], [
        ...[1, 2, 4],
        ...[codeOf('mul'), 2, 0, 1, -1],
        ...[codeOf('relu'), 2, 2, -1, -1],
        ...[codeOf('add'), 3, 2, 0, -1],
        ...[codeOf('tanh'), 4, 3, -1, -1],
        4,
      ]),
    ]),
    ...each('polygamma', floats, (t) => [of(t)(wide), of(t)(wide)], [2]),
    ...each('standardGammaGradient', floats, (t) => [of(t)(wide), of(t)(wide, 'positive'), of(t)(row, 'positive')]),
    ...realDTypes.flatMap((from) => each('copy', realDTypes, (to) => [of(to)(wide), of(from)(wide, 'positive')])),
    ...each('fill', realDTypes, (dtype) => [of(dtype)(wide)], [1]),
    ...each('findOutside', ['uint8', ...numbers], (dtype) => [of(dtype)(wide)], [0, 1.9, 3]),
  ];
}
