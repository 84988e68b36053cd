import type { Tensor } from '../tensor/tensor.js';
import { Reparameterised } from './distribution.js';
import { anyNumber, finite, type Parameter, parameters, positive } from './parameters.js';

/** A symmetric distribution that is moved to a place and made wider by a scale. */
export abstract class LocationScale extends Reparameterised {
  readonly loc: Tensor;
  readonly scale: Tensor;
  readonly support = anyNumber;

  constructor(name: string, loc: Parameter, scale: Parameter) {
    const given = parameters(name, { loc, scale }, { loc: finite, scale: positive });
    super(given.loc.shape, [], given.loc.dtype);
    this.loc = given.loc;
    this.scale = given.scale;
  }

  get mean(): Tensor {
    return this.loc;
  }
  get mode(): Tensor {
    return this.loc;
  }

  /** (value − loc) / scale */
  protected standardised(value: Tensor): Tensor {
    return value.sub(this.loc).div(this.scale);
  }
}
