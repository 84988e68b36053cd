import { each, floats, type KernelCall, of, wide } from './operand.js';

export const optim = (): KernelCall[] => [
  ...each('sgdStep', floats, (t) => [of(t)(wide), of(t)(wide), of(t)(wide)], [0.1, 0.9, 0.9, 1, 0.01, 0, 1]),
  ...each('sgdStep', floats, (t) => [of(t)(wide), of(t)(wide)], [0.1, 0, 1, 0, 0.01, 0, 1]),
  ...each(
    'adamStep',
    floats,
    (t) => [of(t)(wide), of(t)(wide), of(t)(wide, 'positive'), of(t)(wide, 'positive'), of(t)(wide)],
    [0.01, 0.9, 0.9, 0.99, 0.1, 0.01, 0.99, 0, 0.1],
  ),
];
