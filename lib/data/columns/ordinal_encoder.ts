import { ValueError } from '../../core/errors.js';
import { tensor } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Label } from '../classes.js';
import { CategoryEncoder, type CategoryOptions, type LabelColumn } from './category_encoder.js';

/**
 * Categories as their positions 0, 1, …: an order as numbers, or words as classes for a loss.
 *
 *     new OrdinalEncoder({ categories: ['low', 'medium', 'high'] }).fit(temperatures)
 *
 * @throws ValueError "OrdinalEncoder.transform: labels must be among the 3 categories; got 'hot'"
 * @source lecture notes 004, lines 723–735; scikit-learn's OrdinalEncoder and LabelEncoder
 */
export class OrdinalEncoder extends CategoryEncoder {
  protected override readonly strict = true;

  constructor(options: CategoryOptions = {}) {
    super(options);
  }

  /** [n] int32 */
  transform(labels: LabelColumn): Tensor<[number], 'int32'> {
    return tensor(this.positionsOf('transform', labels));
  }

  /** @param codes  [n], positions */
  inverse(codes: Tensor): Label[] {
    const { categories } = this;
    return Array.from(codes.data() as ArrayLike<number>, (code) => {
      if (!(code in categories)) {
        throw new ValueError(
          `OrdinalEncoder.inverse: codes must be whole numbers from 0 to ${categories.length - 1}; got ${code}`,
        );
      }
      return categories[code];
    });
  }
}
