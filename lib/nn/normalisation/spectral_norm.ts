import { checkPositive, checkWhole } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { add } from '../../ops/elementwise/add.js';
import { div } from '../../ops/elementwise/div.js';
import { mul } from '../../ops/elementwise/mul.js';
import { matmul } from '../../ops/linalg/matmul.js';
import { randn } from '../../ops/random/random.js';
import { norm } from '../../ops/reduction/norm.js';
import { sum } from '../../ops/reduction/sum.js';
import { noGrad } from '../../tensor/tape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Module } from '../module.js';
import { buffer } from '../parameter.js';
import { forwardWith, weightOf } from './weight_norm.js';

export interface SpectralNormOptions {
  /** The layer's field with its parameter [out, ...]; default 'weight'. */
  name?: string;
  /** Steps of the power iteration in each forward pass in training; ≥ 1; default 1. */
  powerIterations?: number;
  /** Added to lengths that are divided by; > 0; default 1e-12. */
  eps?: number;
  /** Where the first u and v come from; default: the one that `seed` restarts. */
  generator?: Generator | undefined;
}

/**
 * A layer whose weight is divided by its largest singular value σ, so that it stretches nothing by more than 1. The weight
 * counts as a matrix [out, all else]; σ = uᵀ · W · v, with u and v by power iteration, which goes on with each forward pass in
 * training. They are buffers; 15 steps are made at the start. Inputs and results are the layer's.
 *
 *   v = Wᵀu / ‖Wᵀu‖      u = Wv / ‖Wv‖
 *
 * @source Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, algorithm 1
 */
export class SpectralNorm<L extends Module = Module> extends Module {
  readonly name: string;
  readonly powerIterations: number;
  readonly eps: number;
  readonly u: Tensor<[number]>;
  readonly v: Tensor<[number]>;

  /** @throws ValueError "SpectralNorm: powerIterations must be a whole number ≥ 1; got 0" */
  constructor(
    readonly layer: L,
    { name = 'weight', powerIterations = 1, eps = 1e-12, generator }: SpectralNormOptions = {},
  ) {
    super();
    const weight = weightOf('SpectralNorm', layer, name);
    checkWhole('SpectralNorm', 'powerIterations', powerIterations, 1);
    checkPositive('SpectralNorm', 'eps', eps);
    this.name = name;
    this.powerIterations = powerIterations;
    this.eps = eps;
    const [out, columns] = rowsOf(weight).shape;
    this.u = buffer(randn([out], { dtype: weight.dtype, generator })) as Tensor<[number]>;
    this.v = buffer(randn([columns], { dtype: weight.dtype, generator })) as Tensor<[number]>;
    this.#iterate(weight, 15);
  }

  forward(...inputs: any[]): any {
    const { name } = this;
    const layer: Module = this.layer;
    const weight: Tensor = Reflect.get(layer, name);
    if (this.training) this.#iterate(weight, this.powerIterations);
    // Copies: the next pass writes on, while this one's gradient still reads them.
    const [u, v] = noGrad(() => [this.u.clone(), this.v.clone()]) as [Tensor, Tensor];
    const sigma: Tensor = sum(mul(u, matmul(rowsOf(weight), v)));
    return forwardWith(layer, name, div(weight, sigma), inputs);
  }

  #iterate(weight: Tensor, steps: number): void {
    noGrad(() => {
      const rows = rowsOf(weight);
      for (let i = 0; i < steps; i++) {
        this.v.assign(this.#unit(matmul(rows.transpose(), this.u)));
        this.u.assign(this.#unit(matmul(rows, this.v)));
      }
    });
  }

  #unit(x: Tensor): Tensor {
    return div(x, add(norm(x), this.eps));
  }
}

/** The weight as a matrix: [out, all else]. */
const rowsOf = (weight: Tensor): Tensor =>
  weight.reshape([weight.shape[0], weight.size / Math.max(1, weight.shape[0])]);
