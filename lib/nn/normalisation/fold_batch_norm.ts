import { checkInstance } from '../../core/check.js';
import { ShapeError, StateError, ValueError } from '../../core/errors.js';
import { Generator } from '../../core/random.js';
import { add } from '../../ops/elementwise/add.js';
import { mul } from '../../ops/elementwise/mul.js';
import { neg } from '../../ops/elementwise/neg.js';
import { rsqrt } from '../../ops/elementwise/rsqrt.js';
import { sub } from '../../ops/elementwise/sub.js';
import { to } from '../../ops/shape/to.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Sequential } from '../container/sequential.js';
import { Conv1d, Conv2d, Conv3d } from '../convolution/conv.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from './batch_norm.js';

type Norm = BatchNorm1d | BatchNorm2d | BatchNorm3d;
type Weighted = Linear | Conv1d | Conv2d | Conv3d;

/** Layers that take up a norm, and those norms. */
const pairs = [
  [Linear, BatchNorm1d],
  [Conv1d, BatchNorm1d],
  [Conv2d, BatchNorm2d],
  [Conv3d, BatchNorm3d],
] as const;

const isNorm = (layer: unknown): layer is Norm => pairs.some(([, Norm]) => layer instanceof Norm);
const isPair = (pair: [before: unknown, layer: unknown]): pair is [Weighted, Norm] =>
  pairs.some(([Layer, Norm]) => pair[0] instanceof Layer && pair[1] instanceof Norm);

/** Layers without the batch norms among them. */
type Folded<L extends readonly Module[]> = L extends readonly [infer First, ...infer Rest extends readonly Module[]]
  ? First extends Norm
    ? Folded<Rest>
    : [First extends Sequential<infer K> ? Sequential<Folded<K>> : First, ...Folded<Rest>]
  : L;

/**
 * The model for evaluation, in which each convolution or linear layer has taken up the batch norm behind it:
 *
 *   weight' = weight · s,   bias' = (bias − runningMean) · s + shift,   s = scale / √(runningVar + eps)
 *
 * with the norm's weight as scale and its bias as shift. What was three passes over the images is one in a captured step:
 * convolution, normalisation and the activation behind it.
 *
 *     const fast = nn.foldBatchNorm(model.eval());
 *     const predict = capture((x: Tensor) => noGrad(() => fast.forward(x)));
 *
 * Folded are BatchNorm1d, 2d and 3d behind the convolution of their rank, and BatchNorm1d of [N, C] behind Linear, as neighbours in a Sequential or in one
 * within it; a module with a forward pass of its own folds its Sequentials itself (`net.features = nn.foldBatchNorm(
 * net.features)`). Results differ by rounding alone. Folded layers are copies: what training, `loadStateDict` or a new
 * running statistic changes later is not in them; fold again. Other layers are the model's own. Layers behind a batch norm
 * move up, so that the names in the state dict are others.
 *
 * @throws StateError "foldBatchNorm: the model must be in evaluation mode; got 1 (BatchNorm2d) in training; call eval() before"
 * @throws ValueError "foldBatchNorm: a batch norm must stand behind a convolution or Linear in a Sequential; got 0 (BatchNorm2d); …"
 * @source Jacob et al. 2018, arXiv:1712.05877, section 3.2; PyTorch's `fuse_conv_bn_eval`
 */
export function foldBatchNorm<const L extends readonly Module[]>(model: Sequential<L>): Sequential<Folded<L>> {
  checkInstance('foldBatchNorm', 'the model', model, Module);
  const training = model.namedModules().find(([, module]) => module.training);
  if (training !== undefined) {
    throw new StateError(
      `foldBatchNorm: the model must be in evaluation mode; got ${title(...training)} in training; call eval() before`,
    );
  }
  return noGrad(() => folded(model, '')) as Sequential<Folded<L>>;
}

const title = (name: string, { constructor }: Module): string => `${name || 'the model'} (${constructor.name})`;

function folded({ layers }: Sequential, prefix: string): Sequential {
  const result: Module[] = [];
  layers.forEach((layer: Module, i: number) => {
    const name = `${prefix}${i}`;
    const pair: [unknown, unknown] = [layers[i - 1], layer];
    if (layer instanceof Sequential) result.push(folded(layer, `${name}.`));
    else if (isPair(pair)) result.push(fold(...pair, name, result));
    else result.push(refuseNorms(layer, name));
  });
  return new Sequential(...result).eval();
}

/** A layer that stays as it is. */
function refuseNorms(layer: Module, name: string): Module {
  for (const [path, module] of layer.namedModules()) {
    if (!isNorm(module)) continue;
    const got = title(path === '' ? name : `${name}.${path}`, module);
    throw new ValueError(
      `foldBatchNorm: a batch norm must stand behind a convolution or Linear in a Sequential; got ${got}; ` +
        'fold the Sequentials within the model that have such pairs',
    );
  }
  return layer;
}

/** The layer that stands for `layer`, the last of `result`, and the norm behind it. */
function fold(layer: Weighted, norm: Norm, name: string, result: Module[]): Module {
  const { runningMean, runningVar, eps } = norm;
  const weight: Tensor = layer.weight;
  const [channels, ...rest] = weight.shape;
  if (runningMean === null || runningVar === null) {
    throw new ValueError(
      `foldBatchNorm: a batch norm must keep running statistics; got ${title(name, norm)} without; ` +
        'it normalises each batch by its own and cannot be folded',
    );
  }
  if (norm.numFeatures !== channels) {
    throw new ShapeError(
      `foldBatchNorm: ${title(name, norm)} must have the ${channels} channels of the layer before it; got ${norm.numFeatures}`,
    );
  }
  result.pop();
  const copy = emptyCopy(layer);
  const own: Tensor = copy.weight;
  // In float64, so that rounding is that of the results alone.
  const rstd = rsqrt(add(to(runningVar, 'float64'), eps));
  const scale: Tensor = norm.weight === null ? rstd : mul(rstd, norm.weight);
  const centred: Tensor = layer.bias === null ? neg(runningMean) : sub(layer.bias, runningMean);
  const bias = mul(centred, scale);
  own.assign(mul(weight, scale.reshape([channels, ...rest.map(() => 1)])));
  copy.bias?.assign(norm.bias === null ? bias : add(bias, norm.bias));
  return weight.requiresGrad ? copy : copy.freeze();
}

/** A layer of the same kind, with a bias. */
function emptyCopy(layer: Weighted): Weighted {
  const options = { bias: true, dtype: layer.weight.dtype, generator: new Generator(0) };
  if (layer instanceof Linear) return new Linear(layer.inFeatures, layer.outFeatures, options);
  const { inChannels, outChannels, kernelSize } = layer;
  const Conv: new (...given: any[]) => Conv1d | Conv2d | Conv3d = [Conv1d, Conv2d, Conv3d][kernelSize.length - 1];
  return new Conv(inChannels, outChannels, kernelSize, { ...layer.options, ...options });
}
