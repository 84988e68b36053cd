import { FormatError, ShapeError } from 'adjoint';
import { expect, it } from 'vitest';
import { packError, unpackError } from '../../lib/train/thread_error.js';

/** As it arrives in another thread. */
const sent = (thrown: unknown): Error & { code?: unknown } => unpackError(structuredClone(packError(thrown)));

it.each([
  new ShapeError('matmul: inner dimensions 3 and 2 differ'),
  new TypeError('x is not a function'),
  new Error('an error'),
])('keeps class, name, message and stack of $name', (error) => {
  const arrived = sent(error);
  expect(arrived.constructor).toBe(error.constructor);
  expect([arrived.name, arrived.message, arrived.stack]).toEqual([error.name, error.message, error.stack]);
});

it('keeps what caused it, and a code', () => {
  const cause = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
  const arrived = sent(new FormatError('no file', { cause }));
  expect(arrived).toBeInstanceOf(FormatError);
  expect(arrived.cause).toMatchObject({ message: 'ENOENT: no such file', code: 'ENOENT' });
});

it('keeps the name of a class that nobody here knows', () => {
  class QuotaError extends Error {
    override name = 'QuotaError';
  }
  const arrived = sent(new QuotaError('no more'));
  expect(String(arrived)).toBe('QuotaError: no more');
  expect(arrived).toBeInstanceOf(Error);
});

it('takes what is no error for the text of one', () => {
  expect(sent('just text')).toEqual(new Error('just text'));
  expect(sent(undefined)).toEqual(new Error('undefined'));
});
