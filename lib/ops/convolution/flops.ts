import type { View } from '../../backend/index.js';
import { sizeOf } from '../../core/shape.js';

/* The operations of convolutions' kernels, by their views. */

/** Of convolution and its two derivatives: one for each element of y and of the weight's slice for it. */
export const directProducts = (y: View, weight: View): number => sizeOf(y.shape) * sizeOf(weight.shape.slice(1));

/** Planes that an output reads: a channel each of an image, KD of a volume. */
export const planesOf = ({ shape: [, channels, ...taps] }: View): number => channels * sizeOf(taps.slice(0, -2));

/** Tiles of 4 × 4 outputs of [N, O, H, W] or [N, O, D, H, W]. */
export const winogradTiles = ([n, , ...sizes]: readonly number[]): number => {
  const [height, width] = sizes.slice(-2);
  return n * sizeOf(sizes.slice(0, -2)) * Math.ceil(height / 4) * Math.ceil(width / 4);
};

/**
 * Of each tile of 4 × 4 outputs 36 products and sums of a channel and a filter; the transforms of its channels, of its
 * filters, and of the windows.
 */
export const winogradFlops = ({ shape }: View, channels: number, filters: number): number =>
  winogradTiles(shape) * (72 * channels * filters + 288 * channels + 160 * filters) + 153 * channels * filters;

/** Where there is a bias, it is added to every element. */
export const biasFlops = (y: View, bias: readonly View[]): number => bias.length * sizeOf(y.shape);
