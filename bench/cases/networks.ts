import {
  autocast,
  capture,
  crossEntropy,
  mseLoss,
  noGrad,
  optim,
  type ProductDType,
  rand,
  randint,
  type Tensor,
} from 'adjoint';
import type { Case, Mode } from '../group.js';
import type { Network } from '../models.js';

export const precisions = ['float32', 'bfloat16'] as const satisfies readonly ProductDType[];

const taken = <A extends Tensor[]>(mode: Mode, run: (...inputs: A) => void, ...inputs: A): (() => void) => {
  const call = mode === 'captured' ? capture(run) : run;
  return () => call(...inputs);
};

/** A step of training with Adam: forward, loss, backward, update. */
export const training = (
  { name, ask, build, input, labels, flop }: Network,
  precision: ProductDType,
  section = `training, ${precision}`,
): Case => ({
  name: `${name}: training`,
  ask: `training ${ask} ${precision}`,
  section,
  flop: flop.training,
  setup: (mode) => {
    const model = build();
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const x: Tensor = rand(input);
    const step = <T extends Tensor<any, any>>(loss: (y: Tensor, target: T) => Tensor<[]>) => {
      return (x: Tensor, target: T): void => {
        optimizer.zeroGrad();
        autocast(precision, () => loss(model.forward(x), target)).backward();
        optimizer.step();
      };
    };
    if (labels === undefined) return taken(mode, step(mseLoss), x, rand(input));
    return taken(mode, step(crossEntropy), x, randint(0, 10, [labels]));
  },
});

export const inference = (
  { name, ask, build, input, flop }: Network,
  precision: ProductDType,
  section = `inference, ${precision}`,
): Case => ({
  name: `${name}: inference`,
  ask: `inference ${ask} ${precision}`,
  section,
  flop: flop.inference,
  setup: (mode) => {
    const model = build().eval();
    const x: Tensor = rand(input);
    return taken(mode, (x) => noGrad(() => autocast(precision, () => model.forward(x))), x);
  },
});
