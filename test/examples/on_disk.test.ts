import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../programs.js';

/* Examples that learn from real data, which ADJOINT_DATA names; each asserts its own result and fails if it is not reached. */

const data = process.env['ADJOINT_DATA'] as string;

it.each([
  ['pima', 'tabular/pima-indians-diabetes.csv', /^accuracy 7\d\.\d ± \d\.\d %$/m],
  ['time_series', 'time-series', /passengers/],
  ['digits_grid', 'sklearn-small/digits.csv', /%/],
  ['polarity', 'movie-review-polarity', /^TCN: \d\d\.\d\d % of the held-out fifth$/m],
])('%s reaches its result', { timeout: 600_000 }, (name, path, says) => {
  expect(runProgram(`examples/${name}.ts`, { args: [join(data, path)] })).toMatch(says);
});
