import { StateError, ValueError } from './errors.js';

/** What the operands of a product of float32 tensors are rounded to. */
export type ProductDType = 'bfloat16' | 'float32';

let current: ProductDType = 'float32';

/** What products are taken in now; a node of the tape keeps it for its gradients. */
export const productDType = (): ProductDType => current;

export function setProductDType(dtype: ProductDType): void {
  current = dtype;
}

export function checkProductDType(subject: string, dtype: ProductDType): void {
  if (dtype !== 'bfloat16' && dtype !== 'float32') {
    throw new ValueError(`${subject} must be 'bfloat16' or 'float32'; got '${String(dtype)}'`);
  }
}

/**
 * Runs `body` with the products of float32 tensors taken in bfloat16: `matmul`, `linear`, `conv2d` and what is made of them
 * round their operands to 8 significant bits (to nearest, ties to even) as they read them, and sum in float32. Faster where
 * the CPU multiplies bfloat16 (AVX-512-BF16: two products in the place of one); elsewhere the same to rounding of the sums,
 * without a gain.
 *
 *     const loss = autocast('bfloat16', () => crossEntropy(model.forward(x), y));
 *     loss.backward();
 *
 * Nothing else changes: no tensor has another dtype than without, so weights, their gradients, what an optimiser keeps and
 * checkpoints are float32, and softmax, norms, losses, reductions and elementwise functions compute in it. float64 and
 * integers stay as they are. A product's gradients are products in what it was taken in itself, wherever backward runs,
 * and so are derivatives of any order; the rounding passes them through as they are. Gradients need no loss scaling:
 * bfloat16 has float32's exponents, so nothing underflows that would not in float32, but for denormals, below 1.2e-38, which
 * the instructions of AVX-512-BF16 take for 0.
 *
 * PyTorch's products return bfloat16 instead, and ops up to the next product round again. Accuracy is the same either way
 * (LeNet-5 on MNIST, three seeds). Here elementwise functions, pooling and norms compute in float32, so that each would
 * convert: a captured step of LeNet-5 took 2.2 times as long, one of a VGG-like network 1.4 times the memory
 * (npx tsx bench/autocast.ts). And results would not be what their types say.
 *
 * @param dtype  'bfloat16', or 'float32' for an inner part that needs all its digits
 * @param body   synchronous, because the state would leak into whatever else runs while a promise is pending
 * @throws ValueError "autocast: dtype must be 'bfloat16' or 'float32'; got 'float16'"
 * @throws StateError "autocast: the callback must be synchronous; got a promise; call autocast around each synchronous part"
 * @source Kalamkar et al. 2019, arXiv:1905.12322; Micikevicius et al. 2017, arXiv:1710.03740, section 3
 */
export function autocast<R>(dtype: ProductDType, body: () => R): R {
  checkProductDType('autocast: dtype', dtype);
  const before = current;
  current = dtype;
  let result: R;
  try {
    result = body();
  } finally {
    current = before;
  }
  if (result instanceof Promise) {
    throw new StateError(
      'autocast: the callback must be synchronous; got a promise; call autocast around each synchronous part',
    );
  }
  return result;
}
