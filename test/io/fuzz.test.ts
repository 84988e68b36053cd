import { describe, expect, it } from 'vitest';
import { fuzz, fuzzedReaders } from '../reader_fuzz.js';

// 10⁶ inputs a reader: npx tsx test/programs/fuzz_readers.ts --inputs 1000000
describe.each(fuzzedReaders.map((reader) => [reader.name, reader] as const))('hostile files of %s', (name, reader) => {
  it('are read or refused, and nothing else', async () => {
    const report = await fuzz(reader, ['image', 'npz', 'checkpoint', 'tokenizer'].includes(name) ? 500 : 3000, 1);
    expect(report.values).toBeGreaterThan(10);
    expect(report.refused).toBeGreaterThan(100);
    expect(report.slowest).toBeLessThan(5000);
  });
});
