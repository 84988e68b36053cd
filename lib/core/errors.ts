/**
 * Every error that adjoint throws on purpose. One grammar: `op: rule; what was given; the likely fix`.
 * Catch by class (`ShapeError`) or all of them (`AdjointError`).
 */
export class AdjointError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** Shapes, ranks or axes that do not fit together. */
export class ShapeError extends AdjointError {}

/** An element type that the operation does not take, or two that do not mix. */
export class DTypeError extends AdjointError {}

/** An argument out of its range: an option, an index, a label, a hyper-parameter. */
export class ValueError extends AdjointError {}

/** A call at the wrong time: backward twice, a saved tensor overwritten, a promise inside `noGrad`. */
export class StateError extends AdjointError {}

/** A file that is not what it claims to be: truncated, oversized, inconsistent. */
export class FormatError extends AdjointError {}

/** Memory that could not be had. */
export class MemoryError extends AdjointError {}
