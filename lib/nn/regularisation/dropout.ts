import { checkFraction } from '../../core/check.js';
import type { Generator } from '../../core/random.js';
import { alphaDropout } from '../../ops/random/alpha_dropout.js';
import { type DropoutOptions, dropout } from '../../ops/random/dropout.js';
import { spatialDropout } from '../../ops/random/spatial_dropout.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { SameShape } from '../shape_rule.js';

/** The op's options but whether it is training, which a layer knows. */
export type DropoutLayerOptions = Omit<DropoutOptions, 'training'>;

/** What sets elements to 0 at random, in training only. */
abstract class RandomDrop extends Layer<SameShape> {
  readonly #generator: Generator | undefined;

  /**
   * @param p  within 0 … 1; default 0.5
   * @throws ValueError "Dropout: p must be within 0 … 1; got -0.1"
   */
  constructor(
    readonly p = 0.5,
    { generator }: Pick<DropoutLayerOptions, 'generator'> = {},
  ) {
    super();
    checkFraction(this.constructor.name, 'p', p);
    this.#generator = generator;
  }

  /** What the op is told. */
  protected get options(): DropoutOptions {
    return { training: this.training, generator: this.#generator };
  }
}

/** In training, sets elements to 0 with probability p and scales the others; see the op `dropout`. [...] → [...]. */
export class Dropout extends RandomDrop {
  readonly convention: 'inverted' | 'plain';

  constructor(p = 0.5, { convention = 'inverted', ...options }: DropoutLayerOptions = {}) {
    super(p, options);
    this.convention = convention;
  }

  protected override compute(x: Tensor): Tensor {
    return dropout(x, this.p, { ...this.options, convention: this.convention });
  }
}

/** Dropout of whole channels of sequences: [N, C, L] or [C, L] → the same; see the op `spatialDropout`. */
export class Dropout1d extends RandomDrop {
  protected override compute(x: Tensor): Tensor {
    return spatialDropout(x, 1, this.p, this.options);
  }
}

/** Dropout of whole channels of images: [N, C, H, W] or [C, H, W] → the same; see the op `spatialDropout`. */
export class Dropout2d extends RandomDrop {
  protected override compute(x: Tensor): Tensor {
    return spatialDropout(x, 2, this.p, this.options);
  }
}

/** Dropout of whole channels of volumes: [N, C, D, H, W] or [C, D, H, W] → the same; see the op `spatialDropout`. */
export class Dropout3d extends RandomDrop {
  protected override compute(x: Tensor): Tensor {
    return spatialDropout(x, 3, this.p, this.options);
  }
}

/** Dropout for SELU, which keeps mean and variance; see the op `alphaDropout`. [...] → [...]. */
export class AlphaDropout extends RandomDrop {
  protected override compute(x: Tensor): Tensor {
    return alphaDropout(x, this.p, this.options);
  }
}
