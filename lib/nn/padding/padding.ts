import { checkPadding } from '../../ops/convolution/conv.js';
import { checkImages, type PaddingSizes, type Rank, type Sides } from '../../ops/convolution/window.js';
import { type PadMode, pad } from '../../ops/shape/pad.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Layer } from '../layer.js';
import type { ImageRule, SameDType } from '../shape_rule.js';

/** What layers that pad have in common. */
abstract class Padding<R extends Rank> extends Layer<ImageRule<number, 'same', R> & SameDType> {
  /** [before, after] for each spatial axis. */
  readonly padding: readonly Sides[];
  readonly #rank: R;
  readonly #fill: number | PadMode;

  constructor(rank: R, padding: PaddingSizes<R>, fill: number | PadMode) {
    super();
    this.padding = checkPadding(this.constructor.name, rank, padding);
    this.#rank = rank;
    this.#fill = fill;
  }

  protected override compute(x: Tensor): Tensor {
    checkImages(this.constructor.name, x, this.#rank);
    return pad(x, this.padding, this.#fill);
  }
}

/** Sequences [N, C, L] surrounded by zeros: one number for every side, one an axis, or [before, after] for each axis. */
export class ZeroPad1d extends Padding<1> {
  constructor(padding: PaddingSizes<1>) {
    super(1, padding, 0);
  }
}

/** Sequences [N, C, L] surrounded by a constant. */
export class ConstantPad1d extends Padding<1> {
  constructor(
    padding: PaddingSizes<1>,
    readonly value: number,
  ) {
    super(1, padding, value);
  }
}

/** Sequences [N, C, L] mirrored at their first and last elements; see the op `pad`. */
export class ReflectionPad1d extends Padding<1> {
  constructor(padding: PaddingSizes<1>) {
    super(1, padding, 'reflect');
  }
}

/** Sequences [N, C, L] whose first and last elements are repeated; see the op `pad`. */
export class ReplicationPad1d extends Padding<1> {
  constructor(padding: PaddingSizes<1>) {
    super(1, padding, 'replicate');
  }
}

/** Sequences [N, C, L] that go on at their other end; see the op `pad`. */
export class CircularPad1d extends Padding<1> {
  constructor(padding: PaddingSizes<1>) {
    super(1, padding, 'circular');
  }
}

/** Images [N, C, H, W] surrounded by zeros: one number for every side, one an axis, or [before, after] for each axis. */
export class ZeroPad2d extends Padding<2> {
  constructor(padding: PaddingSizes<2>) {
    super(2, padding, 0);
  }
}

/** Images [N, C, H, W] surrounded by a constant. */
export class ConstantPad2d extends Padding<2> {
  constructor(
    padding: PaddingSizes<2>,
    readonly value: number,
  ) {
    super(2, padding, value);
  }
}

/** Images [N, C, H, W] mirrored at their first and last elements; see the op `pad`. */
export class ReflectionPad2d extends Padding<2> {
  constructor(padding: PaddingSizes<2>) {
    super(2, padding, 'reflect');
  }
}

/** Images [N, C, H, W] whose first and last elements are repeated; see the op `pad`. */
export class ReplicationPad2d extends Padding<2> {
  constructor(padding: PaddingSizes<2>) {
    super(2, padding, 'replicate');
  }
}

/** Images [N, C, H, W] that go on at their other end; see the op `pad`. */
export class CircularPad2d extends Padding<2> {
  constructor(padding: PaddingSizes<2>) {
    super(2, padding, 'circular');
  }
}

/** Volumes [N, C, D, H, W] surrounded by zeros: one number for every side, one an axis, or [before, after] for each axis. */
export class ZeroPad3d extends Padding<3> {
  constructor(padding: PaddingSizes<3>) {
    super(3, padding, 0);
  }
}

/** Volumes [N, C, D, H, W] surrounded by a constant. */
export class ConstantPad3d extends Padding<3> {
  constructor(
    padding: PaddingSizes<3>,
    readonly value: number,
  ) {
    super(3, padding, value);
  }
}

/** Volumes [N, C, D, H, W] mirrored at their first and last elements; see the op `pad`. */
export class ReflectionPad3d extends Padding<3> {
  constructor(padding: PaddingSizes<3>) {
    super(3, padding, 'reflect');
  }
}

/** Volumes [N, C, D, H, W] whose first and last elements are repeated; see the op `pad`. */
export class ReplicationPad3d extends Padding<3> {
  constructor(padding: PaddingSizes<3>) {
    super(3, padding, 'replicate');
  }
}

/** Volumes [N, C, D, H, W] that go on at their other end; see the op `pad`. */
export class CircularPad3d extends Padding<3> {
  constructor(padding: PaddingSizes<3>) {
    super(3, padding, 'circular');
  }
}
