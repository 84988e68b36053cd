import { readFileSync } from 'node:fs';
import { BytePairTokenizer } from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfText, textOfBytes } from '../../../lib/data/text/bytes.js';
import { learnMerges, mergePair } from '../../../lib/data/text/merges.js';
import { message } from '../../message.js';

/** English, TypeScript and some other signs. */
const text = readFileSync(new URL('../../../lib/README.md', import.meta.url), 'utf8');
/** Code units of all kinds, lone halves of pairs among them. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
);

/** The definition: all pairs counted anew for each merge. */
function mergesByCounting(words: { symbols: number[]; count: number }[], first: number, merges: number) {
  let row = words.map(({ symbols, count }) => ({ symbols, count }));
  const learnt: [number, number][] = [];
  while (learnt.length < merges) {
    const counts = new Map<string, number>();
    for (const { symbols, count } of row) {
      for (let i = 0; i + 1 < symbols.length; i++) {
        const pair = `${symbols[i]},${symbols[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + count);
      }
    }
    const pairs = [...counts].map(([pair, count]) => ({
      pair: pair.split(',').map(Number) as [number, number],
      count,
    }));
    pairs.sort((p, q) => q.count - p.count || p.pair[0] - q.pair[0] || p.pair[1] - q.pair[1]);
    if (pairs.length === 0 || pairs[0].count < 2) break;
    const [a, b] = pairs[0].pair;
    row = row.map(({ symbols, count }) => ({ symbols: mergePair(symbols, a, b, first + learnt.length), count }));
    learnt.push([a, b]);
  }
  return learnt;
}

describe('merges', () => {
  it('are those that counting anew gives', () => {
    const word = fc.record({
      symbols: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      count: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        expect(learnMerges(words, 4, 30)).toEqual(mergesByCounting(words, 4, 30));
      }),
      { numRuns: 300 },
    );
  });

  it("join the words of Sennrich, Haddow and Birch's algorithm 1", () => {
    const letters = [...'lowernstid.'];
    const wordOf = (word: string, count: number) => ({ symbols: [...word].map((l) => letters.indexOf(l)), count });
    const words = [wordOf('low.', 5), wordOf('lower.', 2), wordOf('newest.', 6), wordOf('widest.', 3)];
    const names = [...letters];
    const joined = words.map(({ symbols }) => symbols);
    learnMerges(words, letters.length, 5).forEach(([a, b], i) => {
      names.push(names[a] + names[b]);
      joined.forEach((symbols, at) => {
        joined[at] = mergePair(symbols, a, b, letters.length + i);
      });
    });
    expect(joined.map((symbols) => symbols.map((symbol) => names[symbol]).join(' '))).toEqual([
      'low .',
      'low e r .',
      'n e w est.',
      'w i d est.',
    ]);
  });
});

describe('BytePairTokenizer', () => {
  const tokenizer = BytePairTokenizer.train(text, { merges: 300, specials: { pad: '<pad>', eos: '</s>' } });

  it('gives every text back', () => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
        expect(textOfBytes(bytesOfText(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
    expect(BytePairTokenizer.train('', { merges: 5 }).decode(new Int32Array([104, 105]))).toBe('hi');
  });

  it('shortens texts like the one that it learnt from', () => {
    expect([tokenizer.merges.length, tokenizer.size]).toEqual([300, 558]);
    const ids = tokenizer.encode(text);
    expect(ids.length).toBeLessThan(0.5 * text.length);
    expect(Math.max(...ids)).toBeLessThan(556);
    expect([...BytePairTokenizer.train('aaaa aaaa aaaa', { merges: 9 }).encode(' aaaa')].length).toBe(1);
  });

  it('has special tokens that no text gives', () => {
    expect(tokenizer.specials).toEqual({ pad: 556, eos: 557 });
    expect([...tokenizer.encode('</s>')]).not.toContain(557);
    expect(tokenizer.decode([104, 557, 105, 556])).toBe('hi');
  });

  it('writes U+FFFD for bytes that are no text', () => {
    expect(tokenizer.decode([0xff, 65, 0xe2, 0x82])).toBe('�A�');
  });

  it('takes time for the length of a text alone', () => {
    const long = 'a'.repeat(200_000) + ' '.repeat(200_000) + '.'.repeat(200_000);
    const start = performance.now();
    expect(tokenizer.decode(tokenizer.encode(long))).toBe(long);
    // A quadratic loop over one piece would take 10¹⁰ steps, a minute at least.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it.each<[() => unknown, string]>([
    [
      () => BytePairTokenizer.train('', { merges: -1 }),
      'ValueError BytePairTokenizer.train: merges must be a whole number ≥ 0; got -1',
    ],
    [
      () => new BytePairTokenizer([[257, 1]]),
      'ValueError BytePairTokenizer: merge 0: ids must be whole numbers from 0 to 255; got 257',
    ],
    [
      () =>
        new BytePairTokenizer([
          [1, 2],
          [1, 2],
        ]),
      'ValueError BytePairTokenizer: a pair must be merged once; 1, 2 is merged again as 257',
    ],
    [
      () => new BytePairTokenizer(Array.from({ length: 30 }, (_, i) => (i === 0 ? [7, 7] : [255 + i, 255 + i]))),
      'ValueError BytePairTokenizer: a token must be at most 257 bytes long; 263, 263, merged as 264, have 512',
    ],
    [
      () => new BytePairTokenizer([]).decode([256]),
      'ValueError BytePairTokenizer.decode: ids must be whole numbers from 0 to 255; got 256',
    ],
    [
      () => new BytePairTokenizer([], { end: '<e>' } as never),
      'ValueError BytePairTokenizer: special tokens are for pad, unk, bos, eos; got end',
    ],
  ])('states its error: %s', (call, says) => {
    expect(message(call)).toBe(says);
  });
});
