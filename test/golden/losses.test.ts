import { ctcLoss, logSoftmax, nn, type Tensor } from 'adjoint';
import { type Case, type Float, golden, type Model, toTensor } from './golden.js';

type Options = Record<string, any>;

/** The modules of cases by the beginning of their names, with PyTorch's parameters under their own names. */
const modules: [prefix: string, module: (options: Options) => nn.Module][] = [
  ['cross_entropy', (options) => new nn.CrossEntropyLoss(options)],
  ['mse', (options) => new nn.MSELoss(options)],
  ['l1', (options) => new nn.L1Loss(options)],
  ['smooth_l1', (options) => new nn.SmoothL1Loss(options)],
  ['huber', (options) => new nn.HuberLoss(options)],
  ['nll', (options) => new nn.NLLLoss(options)],
  ['bce_logits', ({ weight, ...options }) => new nn.BCEWithLogitsLoss({ ...options, posWeight: weight })],
  ['bce', (options) => new nn.BCELoss(options)],
  ['kl_div', (options) => new nn.KLDivLoss({ ...options, reduction: 'batchmean' })],
  ['cosine_embedding', (options) => new nn.CosineEmbeddingLoss(options)],
  ['margin_ranking', (options) => new nn.MarginRankingLoss(options)],
  ['hinge_embedding', (options) => new nn.HingeEmbeddingLoss(options)],
  ['triplet', (options) => new nn.TripletMarginLoss(options)],
  ['poisson_nll', (options) => new nn.PoissonNLLLoss(options)],
  ['gaussian_nll', (options) => new nn.GaussianNLLLoss(options)],
  ['multi_margin', (options) => new nn.MultiMarginLoss(options)],
  ['soft_margin', (options) => new nn.SoftMarginLoss(options)],
  ['multilabel_soft_margin', (options) => new nn.MultiLabelSoftMarginLoss(options)],
];

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A loss as its module, called on the case's inputs in their order; an input w is the classes' factors. */
function loss({ name, params, inputs }: Case, float: Float): Model {
  if (name === 'ctc') {
    const { blank, reduction, input_lengths, target_lengths } = params;
    return ({ x, y }) => ctcLoss(logSoftmax(x, 2), y, input_lengths, target_lengths, { blank, reduction });
  }
  const options: Options = Object.fromEntries(Object.entries(params).map(([key, value]) => [camelCase(key), value]));
  if ('w' in inputs) options['weight'] = toTensor(inputs['w'], float);
  const [, build] = modules.find(([prefix]) => name.startsWith(prefix)) ?? [];
  if (build === undefined) throw new Error(`no module for the case ${name}`);
  const module = build(options);
  return (tensors) => {
    const operands = Object.entries(tensors).filter(([key]) => key !== 'w');
    return module.forward(...operands.map(([, x]): Tensor => x));
  };
}

golden('losses', loss);
