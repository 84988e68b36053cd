import { add } from '../../ops/elementwise/add.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Activation } from '../activation/activation.js';
import { Tanh } from '../activation/tanh.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { ParameterOptions } from '../parameter.js';

export interface JordanCellOptions extends ParameterOptions {
  /** f, a function or a layer; default tanh. */
  nonlinearity?: Activation;
  /** g, a function or a layer; default none. */
  outputNonlinearity?: Activation;
}

/**
 * A cell whose output, and not its hidden layer, goes on to the next step: as strong a memory as the output is wide.
 * [batch, in], [batch, out] → [batch, out]; for `Recurrent`.
 *
 *   hₜ = f(input(xₜ) + feedback(yₜ₋₁))
 *   yₜ = g(output(hₜ))
 *
 * @source Jordan 1986, "Serial order: a parallel distributed processing approach", ICS report 8604
 */
export class JordanCell extends Module {
  readonly input: Linear;
  readonly feedback: Linear;
  readonly output: Linear;
  readonly nonlinearity: Activation;
  readonly outputNonlinearity: Activation | undefined;

  /**
   * @param inputSize   elements of x; whole, ≥ 0
   * @param hiddenSize  elements of h; whole, ≥ 0
   * @param outputSize  elements of y; whole, ≥ 0
   */
  constructor(
    inputSize: number,
    hiddenSize: number,
    outputSize: number,
    { nonlinearity = new Tanh(), outputNonlinearity, ...options }: JordanCellOptions = {},
  ) {
    super();
    this.input = new Linear(inputSize, hiddenSize, options);
    this.feedback = new Linear(outputSize, hiddenSize, { bias: false, ...options });
    this.output = new Linear(hiddenSize, outputSize, options);
    this.nonlinearity = nonlinearity;
    this.outputNonlinearity = outputNonlinearity;
  }

  /**
   * @param x   [batch, in]
   * @param y0  the output of the step before, [batch, out]; default 0
   */
  forward(x: Tensor, y0?: Tensor): Tensor {
    const sum: Tensor = this.input.forward(x);
    const h = apply(this.nonlinearity, y0 ? add(sum, this.feedback.forward(y0)) : sum);
    const y: Tensor = this.output.forward(h);
    return this.outputNonlinearity ? apply(this.outputNonlinearity, y) : y;
  }
}

const apply = (f: Activation, x: Tensor): Tensor => (f instanceof Module ? f.forward(x) : f(x));
