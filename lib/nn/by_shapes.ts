import { noGrad } from '../tensor/tape.js';
import { withoutMemory } from '../tensor/without_memory.js';
import type { Module } from './module.js';

/** Runs `body` by shapes alone, the module in evaluation mode; afterwards its parts' modes are as before. */
export function byShapes<R>(module: Module, body: () => R): R {
  const modes = module.modules().map((part) => [part, part.training] as const);
  try {
    module.eval();
    return withoutMemory(() => noGrad(body));
  } finally {
    for (const [part, training] of modes) part.training = training;
  }
}
