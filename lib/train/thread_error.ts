import * as errors from '../core/errors.js';

/** An error on its way to another thread: a structured clone would lose its class, name and code. */
export interface PackedError {
  name: string;
  message: string;
  stack?: string;
  code?: unknown;
  cause?: PackedError;
}

type ErrorClass = new (message: string, options?: ErrorOptions) => Error;
const classes = new Map<string, ErrorClass>(
  [...Object.values(errors), Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (Class) => [Class.name, Class],
  ),
);

/** What was thrown, ready for `postMessage`. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { name, message, stack, cause } = thrown;
  const { code } = thrown as { code?: unknown };
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(['string', 'number'].includes(typeof code) && { code }),
    ...(cause !== undefined && { cause: packError(cause) }),
  };
}

/**
 * The same error in this thread: of the same class where it is one of ours or of the language, with the stack that it
 * had.
 */
export function unpackError({ name, message, stack, code, cause }: PackedError): Error {
  const error = new (classes.get(name) ?? Error)(message, cause === undefined ? {} : { cause: unpackError(cause) });
  if (error.name !== name) error.name = name;
  if (code !== undefined) Object.assign(error, { code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
