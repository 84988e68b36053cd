/* One competitor in a process of its own: prints {"case": {"median": ms, "minimum": ms}, …}. */
import { parseArgs } from 'node:util';
import { backend, seed } from 'adjoint';
import { measurePeak } from '../lib/profile/peak.js';
import { cases } from './cases.js';
import { measure } from './measure.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '0.3' },
    only: { type: 'string' },
    eager: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
seed(0);

const timings = Object.fromEntries(
  cases
    .filter(({ name }) => values.only === undefined || name.includes(values.only))
    .map(({ name, setup }) => [name, measure(setup(values.eager), seconds)]),
);
console.log(JSON.stringify({ backend: backend(), peak: measurePeak(), timings }));
