/*
 * Gives every reader of outside files many hostile inputs, by seed; prints how many were read and refused, the slowest, and
 * the most memory. Ends with the input that a reader does not bear.
 *
 *     npx tsx test/programs/fuzz_readers.ts --inputs 1000000 [--seed 2] [--reader npy]
 *     npm run test:asan -- test/programs/fuzz_readers.ts     # the same over a core built with the sanitizers
 */
import { parseArgs } from 'node:util';
import { fuzz, fuzzedReaders } from '../reader_fuzz.js';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '2' },
    reader: { type: 'string' },
  },
});
for (const reader of fuzzedReaders) {
  if (values.reader !== undefined && reader.name !== values.reader) continue;
  const start = performance.now();
  const report = await fuzz(reader, Number(values.inputs), Number(values.seed));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  console.log(
    `${reader.name}: ${values.inputs} inputs of seed ${values.seed}: ${report.values} read, ${report.refused} refused, ` +
      `slowest ${report.slowest.toFixed(0)} ms, ${seconds} s, at most ${memory} MB resident`,
  );
}
