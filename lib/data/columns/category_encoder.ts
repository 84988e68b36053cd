import { given } from '../../core/check.js';
import { FormatError, StateError, ValueError } from '../../core/errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { classesOf, compareLabels, type Label, type Labels, labelValues } from '../classes.js';
import type { ColumnTransform } from './transform.js';

export interface CategoryOptions {
  /** The categories in their order, as low, medium, high; default: those of the training examples, in ascending order. */
  categories?: readonly Label[];
}

/** A label for each example, null where it is missing. */
export type LabelColumn = Labels | ArrayLike<Label | null>;

/** What tells the categories of one column apart by their positions. */
export abstract class CategoryEncoder implements ColumnTransform<LabelColumn, Tensor> {
  readonly takes = 'labels';
  /** Whether a label that is none of the categories, or missing, is an error. */
  protected abstract readonly strict: boolean;
  readonly #given: boolean;
  #categories: readonly Label[] | undefined;
  #positions = new Map<Label, number>();

  constructor(options: CategoryOptions) {
    const { categories } = given(options);
    this.#given = categories !== undefined;
    if (categories !== undefined) this.#learn(this.constructor.name, categories, ValueError);
  }

  /** In their order. */
  get categories(): readonly Label[] {
    if (this.#categories === undefined) {
      throw new StateError(`${this.constructor.name}: there is nothing learnt yet; call fit, or loadStateDict`);
    }
    return this.#categories;
  }

  abstract transform(labels: LabelColumn): Tensor;
  abstract inverse(codes: Tensor): Label[];

  /** Learns the categories, unless they were given; then the labels must be among them. */
  fit(labels: LabelColumn): this {
    const op = `${this.constructor.name}.fit`;
    const classes = classesOf(op, 'labels', labels as Labels).classes.filter(
      (label: Label | null) => label !== null || this.strict,
    );
    if (this.#given) this.positionsOf('fit', labels);
    else this.#learn(op, classes.sort(compareLabels), ValueError);
    return this;
  }

  /** `fit` and `transform`. */
  fitTransform(labels: LabelColumn): Tensor {
    return this.fit(labels).transform(labels);
  }

  stateDict(): { categories: readonly Label[] } {
    return { categories: [...this.categories] };
  }

  loadStateDict({ categories }: { categories: readonly Label[] }): void {
    const op = `${this.constructor.name}.loadStateDict`;
    if (!Array.isArray(categories)) {
      throw new FormatError(`${op}: categories must be an array; got ${String(categories)}`);
    }
    this.#learn(op, categories, FormatError);
  }

  /** Where each label's category stands; −1 for one that is none of them, if that is allowed. */
  protected positionsOf(method: string, labels: LabelColumn): Int32Array {
    const { categories } = this;
    const op = `${this.constructor.name}.${method}`;
    return Int32Array.from(labelValues(op, 'labels', labels as Labels), (label) => {
      const position = this.#positions.get(label) ?? -1;
      if (position < 0 && this.strict) {
        const shown = typeof label === 'string' ? `'${label}'` : String(label);
        throw new ValueError(`${op}: labels must be among the ${categories.length} categories; got ${shown}`);
      }
      return position;
    });
  }

  #learn(op: string, categories: readonly Label[], Fault: typeof ValueError | typeof FormatError): void {
    const strange = categories.findIndex((label) => !['string', 'number', 'boolean'].includes(typeof label));
    if (strange >= 0) {
      throw new Fault(
        `${op}: categories must be texts, numbers or truth values; got ${String(categories[strange])}; name what is missing`,
      );
    }
    const positions = new Map(categories.map((label, i) => [label, i]));
    if (positions.size !== categories.length || positions.size === 0) {
      throw new Fault(
        `${op}: categories must be distinct, at least one; got ${categories.length} of which ${positions.size} differ`,
      );
    }
    this.#categories = [...categories];
    this.#positions = positions;
  }
}
