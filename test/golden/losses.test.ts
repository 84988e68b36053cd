import { nn } from 'adjoint';
import { type Case, type Float, golden, type Model, toTensor } from './golden.js';

/** A loss as its module, called on input and target; a case's third input is the classes' factors. */
function loss({ name, params, inputs }: Case, float: Float): Model {
  const factors = 'w' in inputs ? toTensor(inputs['w'], float) : undefined;
  const { reduction = 'mean', label_smoothing = 0, ignore_index = -100 } = params;
  const module: nn.Module = name.startsWith('cross_entropy')
    ? new nn.CrossEntropyLoss({
        ...(factors && { weight: factors }),
        ignoreIndex: ignore_index,
        labelSmoothing: label_smoothing,
        reduction,
      })
    : name.startsWith('mse')
      ? new nn.MSELoss({ reduction })
      : name.startsWith('l1')
        ? new nn.L1Loss({ reduction })
        : name.startsWith('bce_logits')
          ? new nn.BCEWithLogitsLoss({ ...(factors && { posWeight: factors }), reduction })
          : new nn.BCELoss({ reduction });
  return ({ x, y }) => module.forward(x, y);
}

const reduced = (name: string): string[] => ['mean', 'sum', 'none'].map((reduction) => `${name}_${reduction}`);

golden('losses', loss, [
  ...[...reduced('smooth_l1'), ...reduced('huber'), ...reduced('nll'), 'kl_div_batchmean', 'cosine_embedding'],
  ...['margin_ranking', 'hinge_embedding', 'triplet', 'poisson_nll', 'gaussian_nll', 'multi_margin', 'soft_margin'],
  ...['multilabel_soft_margin', 'ctc'],
]);
