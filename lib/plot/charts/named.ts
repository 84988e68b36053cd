import { checkObject } from '../../core/check.js';
/** One of a kind, or several by their names: curves to compare. */
export type OneOrNamed<T> = T | Readonly<Record<string, T>>;

/** Pairs of a name, '' for a single one, and what it is. @param fields  that what is named has, and a record of them has not */
export function entriesOf<T extends object>(
  op: string,
  given: OneOrNamed<T>,
  fields: readonly (keyof T & string)[],
): [name: string, one: T][] {
  checkObject(op, 'the curves', given);
  if (Object.hasOwn(given, fields[0])) return [['', given as T]];
  const named = Object.entries(given as Readonly<Record<string, T>>);
  for (const [name, one] of named) checkObject(op, `the curve ${name}`, one, fields);
  return named;
}

/** "name, AUC 0.973" */
export const withScore = (name: string, score: string, value: number): string =>
  `${name === '' ? '' : `${name}, `}${score} ${value.toFixed(3)}`;
