import { type Conv2dAlgorithm, conv2d, randn, type Tensor } from 'adjoint';
import type { Case } from '../group.js';

/** Images [n, c, h, h], o kernels [k, k]. */
interface Layer {
  name: string;
  n: number;
  c: number;
  h: number;
  o: number;
  k: number;
  stride?: number;
  padding?: number;
  groups?: number;
}

const layers: Layer[] = [
  { name: 'LeNet-5 1, 64×1×28² → 6, 5×5', n: 64, c: 1, h: 28, o: 6, k: 5 },
  { name: 'LeNet-5 1, padded', n: 64, c: 1, h: 28, o: 6, k: 5, padding: 2 },
  { name: 'LeNet-5 2, 64×6×14² → 16, 5×5', n: 64, c: 6, h: 14, o: 16, k: 5 },
  { name: 'VGG 1, 32×3×32² → 64, 3×3', n: 32, c: 3, h: 32, o: 64, k: 3, padding: 1 },
  { name: 'VGG 2, 32×64×32² → 64, 3×3', n: 32, c: 64, h: 32, o: 64, k: 3, padding: 1 },
  { name: 'VGG 3, 32×64×16² → 128, 3×3', n: 32, c: 64, h: 16, o: 128, k: 3, padding: 1 },
  { name: 'VGG 4, 32×128×16² → 128, 3×3', n: 32, c: 128, h: 16, o: 128, k: 3, padding: 1 },
  { name: 'ResNet, 8×64×56² → 64, 3×3', n: 8, c: 64, h: 56, o: 64, k: 3, padding: 1 },
  { name: 'ResNet, 8×64×56² → 256, 1×1', n: 8, c: 64, h: 56, o: 256, k: 1 },
  { name: 'ResNet, 4×3×224² → 64, 7×7 / 2', n: 4, c: 3, h: 224, o: 64, k: 7, stride: 2, padding: 3 },
  { name: 'VGG, 32×512×4² → 512, 3×3', n: 32, c: 512, h: 4, o: 512, k: 3, padding: 1 },
  { name: 'ResNet, 8×512×7² → 512, 3×3', n: 8, c: 512, h: 7, o: 512, k: 3, padding: 1 },
  { name: 'ResNet, 8×512×7² → 2048, 1×1', n: 8, c: 512, h: 7, o: 2048, k: 1 },
  { name: 'ResNet, 8×256×56² → 512, 1×1 / 2', n: 8, c: 256, h: 56, o: 512, k: 1, stride: 2 },
  { name: 'depthwise, 8×128×56², 3×3', n: 8, c: 128, h: 56, o: 128, k: 3, padding: 1, groups: 128 },
  { name: 'depthwise, 8×128×28², 5×5', n: 8, c: 128, h: 28, o: 128, k: 5, padding: 2, groups: 128 },
  { name: 'depthwise, 8×192×28², 7×7', n: 8, c: 192, h: 28, o: 192, k: 7, padding: 3, groups: 192 },
];

const directions = ['forward', 'data', 'weights'] as const;

/** Forward with bias, the gradient of the images, or those of weight and bias, of plain NCHW tensors. */
function convolution(
  layer: Layer,
  direction: (typeof directions)[number],
  algorithm: Conv2dAlgorithm = 'direct',
): Case {
  const { name, n, c, h, o, k, stride = 1, padding = 0, groups = 1 } = layer;
  const out = Math.floor((h + 2 * padding - k) / stride) + 1;
  return {
    name: `${name}: ${direction}${algorithm === 'winograd' ? ' by Winograd' : ''}`,
    ask: `${algorithm === 'winograd' ? 'winograd' : 'conv'} ${direction} ${n} ${c} ${h} ${o} ${k} ${stride} ${padding} ${groups}`,
    section: algorithm === 'winograd' ? 'convolution by Winograd' : 'convolution',
    flop: (2 * n * o * out * out * c * k * k) / groups,
    // A gradient in memory that is used again is copied before somebody is handed it.
    omit: 'copy',
    setup: () => {
      const x = randn([n, c, h, h]);
      const weight = randn([o, c / groups, k, k]);
      const bias = randn([o]);
      const forward = (): Tensor => conv2d(x, weight, bias, { stride, padding, groups, algorithm });
      if (direction === 'forward') return forward;
      const leaves: Tensor[] = direction === 'data' ? [x] : [weight, bias];
      for (const leaf of leaves) leaf.requireGrad();
      const y = forward();
      const dy = randn([n, o, out, out]);
      return () => {
        for (const leaf of leaves) leaf.grad = null;
        y.backward(dy, { retainGraph: true });
      };
    },
  };
}

/** Their GFLOP/s are those of the direct way in the same time. */
const winograd = layers.filter(({ k, c, groups = 1 }) => k === 3 && c >= 16 && groups === 1);

export const convCases: readonly Case[] = [
  ...directions.flatMap((direction) => layers.map((layer) => convolution(layer, direction))),
  ...(['forward', 'data'] as const).flatMap((direction) =>
    winograd.map((layer) => convolution(layer, direction, 'winograd')),
  ),
];
