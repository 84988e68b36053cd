import type { RealDType, TypedArrays } from '../core/dtype.js';

/** An array as files hold it: row-major elements with a shape. `dtype` tells which typed array `data` is. */
export type ArrayData = {
  [D in RealDType]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: TypedArrays[D] };
}[RealDType];
