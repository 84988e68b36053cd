import type { RealDType } from '../../../lib/core/dtype.js';

/** A view to be made, and what its elements are. */
export interface Operand {
  readonly dtype: RealDType;
  readonly shape: readonly number[];
  /**
   * Numbers from −2 to 2, from ½ to 2, from −⅕ to ⅕, from 0 to 1, or whole ones from 0 to below this. Integers are from −9, or 0, to 9.
   * Constants of a transform: 'roots' of unity, [n, 2], or those between its steps, [2, n1, n2]; of a convolution of 2n − 1
   * places the 'chirp', [n, 2], and its 'filter', [2n − 1, 2].
   */
  readonly values: 'any' | 'positive' | 'small' | 'fraction' | 'roots' | 'chirp' | 'filter' | number;
  /** It has to lie in row-major order, without gaps. */
  readonly dense?: true;
}

/** Whether its elements are no data, but what the kernel computes with. */
export const isConstant = ({ values }: Operand): boolean =>
  values === 'roots' || values === 'chirp' || values === 'filter';

export interface KernelCall {
  readonly kernel: string;
  /** Results first. */
  readonly views: readonly Operand[];
  readonly numbers: readonly number[];
}

export type Shape = readonly number[];

export const of =
  (dtype: RealDType) =>
  (shape: Shape, values: Operand['values'] = 'any'): Operand => ({ dtype, shape, values });
export const [bool, int32] = [of('bool'), of('int32')];

export const floats: readonly RealDType[] = ['float32', 'float64'];
export const numbers: readonly RealDType[] = ['int32', ...floats];
export const ordered: readonly RealDType[] = ['bool', 'uint8', ...numbers];

/** A call for each of the kernels that are named, and of the dtypes. */
export const each = (
  names: string,
  dtypes: readonly RealDType[],
  views: (dtype: RealDType) => Operand[],
  numbers: number[] = [],
) =>
  names.split(' ').flatMap((kernel) => dtypes.map((dtype): KernelCall => ({ kernel, views: views(dtype), numbers })));

/** Two vectors and a rest of the widest instruction set, three times. */
export const [wide, column, row]: Shape[] = [[3, 41], [3, 1], [41]];

/** The same of kernels whose views, all of them, lie in row-major order. */
export const ofRows = (calls: readonly KernelCall[]): KernelCall[] =>
  calls.map((call) => ({ ...call, views: call.views.map((view) => ({ ...view, dense: true as const })) }));
