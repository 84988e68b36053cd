/** One of a kind, or several by their names: curves to compare. */
export type OneOrNamed<T> = T | Readonly<Record<string, T>>;

/** Pairs of a name, '' for a single one, and what it is. @param field  that what is named has, and a record of them has not */
export const entriesOf = <T extends object>(given: OneOrNamed<T>, field: keyof T & string): [name: string, one: T][] =>
  Object.hasOwn(given, field) ? [['', given as T]] : Object.entries(given as Readonly<Record<string, T>>);

/** "name, AUC 0.973" */
export const withScore = (name: string, score: string, value: number): string =>
  `${name === '' ? '' : `${name}, `}${score} ${value.toFixed(3)}`;
