import { checkInstance, checkWhole, given } from '../../core/check.js';
import { StateError } from '../../core/errors.js';
import { mean } from '../../ops/reduction/mean.js';
import { std } from '../../ops/reduction/std.js';
import { stack } from '../../ops/shape/stack.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { DropConnect } from './drop_connect.js';
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d } from './dropout.js';

const kinds = [Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, DropConnect];

/**
 * Mean and standard deviation of a model's results over random masks: Monte-Carlo dropout, whose spread says how unsure the
 * model is. Layers of dropout behave as in training, all others as in evaluation; modes are as before when it returns.
 *
 *     const { mean, std } = nn.mcDropout(model, { samples: 50 }, images);
 *
 * @param samples  how many passes; whole, ≥ 2; default 20
 * @param inputs   of the model's forward pass, which gives a tensor
 * @throws StateError "mcDropout: the model must have a layer of dropout; got Linear"
 * @source Gal, Ghahramani 2015, arXiv:1506.02142, equations 6 to 8
 */
export function mcDropout(
  model: Module,
  options: { samples?: number },
  ...inputs: any[]
): { mean: Tensor; std: Tensor } {
  const { samples = 20 } = given(options);
  checkInstance('mcDropout', 'the model', model, Module);
  checkWhole('mcDropout', 'samples', samples, 2);
  const modules = model.modules();
  const random = modules.filter((module) => kinds.some((Kind) => module instanceof Kind));
  if (random.length === 0) {
    throw new StateError(`mcDropout: the model must have a layer of dropout; got ${model.constructor.name}`);
  }
  const modes = modules.map((module) => module.training);
  try {
    model.eval();
    for (const module of random) module.training = true;
    return noGrad(() => {
      const results: Tensor = stack(Array.from({ length: samples }, (): Tensor => model.forward(...inputs)));
      return { mean: mean(results, 0), std: std(results, 0) };
    });
  } finally {
    modules.forEach((module, i) => {
      module.training = modes[i];
    });
  }
}
