import { ShapeError } from '../core/errors.js';
import type { Generator } from '../core/random.js';
import { broadcastShapes, show, sizeOf } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { arange, multinomial, where } from '../ops/index.js';
import { zeros } from '../tensor/create.js';
import { checkTensor, type Tensor } from '../tensor/tensor.js';
import { Distribution } from './distribution.js';
import {
  checkWithin,
  commonDType,
  insideUnit,
  nonNegative,
  oneOf,
  type ProbsOrLogits,
  parameter,
  positive,
  type Range,
} from './parameters.js';

const logWeight: Range = { low: -Infinity, high: Number.MAX_VALUE, says: 'a finite number or −∞' };

/**
 * The distribution of a place 0 … k − 1 with a probability each; log P(i) = logitsᵢ, normalised.
 *
 * @param probs   [..., k], finite and ≥ 0, divided by their sum along the last axis, which must be > 0; logarithms are taken an
 *                ε of the dtype away from 0 and 1
 * @param logits  [..., k], instead of them: their logarithms but for a summand; −∞ for one that never is
 * @throws ValueError "Categorical: probs must be a finite number ≥ 0; got -1 at [2]"
 * @source torch.distributions.Categorical; a draw: `multinomial`
 */
export class Categorical extends Distribution {
  readonly #given: 'probs' | 'logits';
  readonly #parameter: Tensor;
  readonly support: Range;

  constructor(given: ProbsOrLogits<Tensor>) {
    const op = 'Categorical';
    const name = oneOf(op, given, ['probs', 'logits']);
    const weights = given[name] as Tensor;
    checkTensor(op, weights);
    if (weights.rank === 0)
      throw new ShapeError(`${op}: ${name} must have the axes [..., k]; got ${show(weights.shape)}`);
    const range = name === 'probs' ? nonNegative : logWeight;
    const x = parameter(op, name, weights, commonDType(op, [weights]), range);
    const total = x.sum(-1, { keepDims: true });
    if (name === 'probs') checkWithin(op, 'the sum of probs', total, positive);
    const k: number = x.shape[x.rank - 1];
    super(x.shape.slice(0, -1), [], x.dtype);
    this.#given = name;
    this.#parameter = name === 'probs' ? x.div(total) : x.logSoftmax();
    this.support = { low: 0, high: k - 1, says: `a whole number within 0 … ${k - 1}`, whole: true };
  }

  get probs(): Tensor {
    return this.#given === 'probs' ? this.#parameter : this.#parameter.exp();
  }
  get logits(): Tensor {
    return this.#given === 'logits' ? this.#parameter : insideUnit(this.#parameter).log();
  }
  /** Of the place: Σ i pᵢ. PyTorch's is NaN, since places need not be ordered. */
  get mean(): Tensor {
    return this.probs.mul(this.#places).sum(-1);
  }
  /** The most probable place, int32 */
  get mode(): Tensor {
    return this.probs.argmax(-1);
  }
  /** Of the place: Σ (i − mean)² pᵢ. PyTorch's is NaN. */
  get variance(): Tensor {
    return this.#places.sub(this.mean.unsqueeze(-1)).square().mul(this.probs).sum(-1);
  }

  get #places(): Tensor {
    return arange(this.support.high + 1, { dtype: this.dtype }) as Tensor;
  }

  protected draw(shape: Shape, generator: Generator | undefined): Tensor {
    const probs = this.probs;
    const [lines, count] = [sizeOf(this.batchShape), sizeOf(shape)];
    if (lines * count === 0) return zeros(this.extended(shape), { dtype: 'int32' });
    const places = multinomial(probs.reshape([lines, -1]), count, { replacement: true, generator });
    return places.transpose().reshape(this.extended(shape));
  }

  protected logDensity(value: Tensor): Tensor {
    const logits = this.logits;
    const batch = broadcastShapes(this.op('logProb'), value.shape, this.batchShape);
    const places = value.to('int32').expand(batch).unsqueeze(-1);
    return logits
      .expand([...batch, logits.shape[logits.rank - 1]])
      .gather(-1, places)
      .squeeze(-1);
  }

  /** −Σ pᵢ log pᵢ */
  entropy(): Tensor {
    return surprise(this.probs, this.logits);
  }

  /** See `klDivergence`: Σ pᵢ log(pᵢ / qᵢ). */
  divergence(q: Categorical): Tensor {
    return surprise(this.probs, q.logits).sub(this.entropy());
  }
}

/** −Σ pᵢ log qᵢ, where pᵢ is 0 without it. */
const surprise = (p: Tensor, logits: Tensor): Tensor =>
  p
    .mul(where(p.eq(0), 0, logits))
    .sum(-1)
    .neg();
