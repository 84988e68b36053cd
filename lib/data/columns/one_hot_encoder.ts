import { checkFinite, checkOneOf, given } from '../../core/check.js';
import { ShapeError } from '../../core/errors.js';
import { show } from '../../core/shape.js';
import { argmax } from '../../ops/reduction/argmax.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Label } from '../classes.js';
import { CategoryEncoder, type CategoryOptions, type LabelColumn } from './category_encoder.js';

export interface OneHotEncoderOptions extends CategoryOptions {
  /** What a label gives that is missing or none of the categories: an error, or a row without any; default 'error'. */
  unknown?: 'error' | 'ignore';
  /** What stands in the other places; default 0; −1 for targets of tanh. */
  off?: number;
}

/**
 * Categories as rows with 1 in the category's place: yᵢⱼ = 1 if label i is category j, else `off`.
 *
 * @throws ValueError "OneHotEncoder.transform: labels must be among the 3 categories; got 'hot'"
 * @source lecture notes 000, line 145; ±1 for tanh: lecture notes 004, line 2602; scikit-learn's OneHotEncoder
 */
export class OneHotEncoder extends CategoryEncoder {
  readonly unknown: 'error' | 'ignore';
  readonly off: number;

  constructor(options: OneHotEncoderOptions = {}) {
    const { unknown = 'error', off = 0, ...categories } = given(options);
    super(categories);
    checkOneOf('OneHotEncoder', 'unknown', unknown, ['error', 'ignore']);
    checkFinite('OneHotEncoder', 'off', off);
    this.unknown = unknown;
    this.off = off;
  }

  protected override get strict(): boolean {
    return this.unknown === 'error';
  }

  /** [n, categories] float32 */
  transform(labels: LabelColumn): Tensor<[number, number], 'float32'> {
    const positions = this.positionsOf('transform', labels);
    const width = this.categories.length;
    const rows = new Float32Array(positions.length * width).fill(this.off);
    positions.forEach((position, i) => {
      if (position >= 0) rows[i * width + position] = 1;
    });
    return fromStorage(rows, [positions.length, width], 'float32');
  }

  /** @param scores  [n, categories]: the category of a row is its largest score */
  inverse(scores: Tensor): Label[] {
    const { categories } = this;
    if (scores.rank !== 2 || scores.shape[1] !== categories.length) {
      throw new ShapeError(
        `OneHotEncoder.inverse: scores must be [n, ${categories.length}], one a category; got shape ${show(scores.shape)}`,
      );
    }
    return Array.from(argmax(scores, 1).data() as Int32Array, (position) => categories[position]);
  }
}
