import { type Tensor, tensor } from 'adjoint';

/** A number with 8 significant bits, ties to even: bfloat16 by arithmetic on doubles, without its bits. */
export function roundedNumber(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 7);
  const units = x / unit;
  const below = Math.floor(units);
  const rest = units - below;
  return unit * (rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below);
}

/** Every element rounded so, in float64. */
export const rounded = (x: Tensor): Tensor =>
  tensor(Float64Array.from(x.to('float64').data(), roundedNumber), { shape: x.shape });

/** Whole numbers of 10 bits: their bfloat16 differs from them, and sums of up to 256 products of that are exact in float32. */
export const wholes = (shape: readonly number[], random: () => number): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.floor(random() * 2047) - 1023),
    {
      shape,
    },
  );
