import type { Tensor } from '../../tensor/tensor.js';
import type { Module } from '../module.js';

/** What other layers take for their nonlinearity: a function of tensors, or a layer, which may have parameters. */
export type Activation = ((x: Tensor) => Tensor) | Module;
