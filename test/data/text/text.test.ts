import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nn, randn, type Tensor } from 'adjoint';
import {
  BytePairTokenizer,
  bagOfWords,
  CharacterTokenizer,
  loadTokenizer,
  ngrams,
  padSequences,
  saveTokenizer,
  splitWords,
  Vocabulary,
  WordTokenizer,
} from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { message } from '../../message.js';

describe('Vocabulary', () => {
  const sentences = [
    ['b', 'a', 'c'],
    ['a', 'b', 'a', '<pad>'],
    ['d', 'c'],
  ];

  it('orders tokens by how often they come, special ones first', () => {
    const specials = { unk: '<unk>', pad: '<pad>' };
    const vocabulary = Vocabulary.of(sentences, { specials });
    expect(vocabulary.tokens).toEqual(['<pad>', '<unk>', 'a', 'b', 'c', 'd']);
    expect(vocabulary.specials).toEqual({ pad: 0, unk: 1 });
    expect(vocabulary.encode(['c', 'x', 'a'])).toEqual(new Int32Array([4, 1, 2]));
    expect(vocabulary.decode([0, 4, 1, 2, 0])).toEqual(['c', '<unk>', 'a']);
    expect([vocabulary.has('a'), vocabulary.has('x'), vocabulary.id('d')]).toEqual([true, false, 5]);
    expect(Vocabulary.of(sentences, { specials, minFrequency: 2 }).tokens).toEqual(['<pad>', '<unk>', 'a', 'b', 'c']);
    expect(Vocabulary.of(sentences, { specials, maxSize: 3 }).tokens).toEqual(['<pad>', '<unk>', 'a']);
  });
});

describe('CharacterTokenizer', () => {
  it('gives texts of its characters back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const text = a + b;
        const tokenizer = CharacterTokenizer.train(text);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
        expect(tokenizer.size).toBe(new Set(text).size);
      }),
    );
  });

  it('orders characters by their code points', () => {
    const tokenizer = CharacterTokenizer.train('hello 🙂', { specials: { unk: '?' } });
    expect(tokenizer.vocabulary.tokens).toEqual(['?', ' ', 'e', 'h', 'l', 'o', '🙂']);
    expect([...tokenizer.encode('🙂x')]).toEqual([6, 0]);
  });
});

describe('words', () => {
  it('are found in any script', () => {
    expect(splitWords("Don't pay $3.50, 1,000 times (l’été Ω_1)!")).toEqual([
      "don't",
      'pay',
      '$',
      '3.50',
      ',',
      '1,000',
      'times',
      '(',
      'l’été',
      'ω_1',
      ')',
      '!',
    ]);
    expect(splitWords('हिन्दी में Straße', { punctuation: 'drop' })).toEqual(['हिन्दी', 'में', 'straße']);
    expect(splitWords('end.2nd', { punctuation: 'drop' })).toEqual(['end', '2nd']);
    expect(splitWords(' A b,\n c ', { lowerCase: false, punctuation: 'attached' })).toEqual(['A', 'b,', 'c']);
    expect(splitWords(' \n')).toEqual([]);
  });

  it('leave out nothing but white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(splitWords(text, { lowerCase: false }).join('')).toBe(text.replace(/\s/gu, ''));
      }),
    );
  });

  it('become tokens, rare ones the unknown', () => {
    const tokenizer = WordTokenizer.train(['a good film .', 'a bad film .'], { minFrequency: 2 });
    expect(tokenizer.vocabulary.tokens).toEqual(['<pad>', '<unk>', '.', 'a', 'film']);
    const ids = tokenizer.encode('A film, good.');
    expect([...ids]).toEqual([3, 4, 1, 1, 2]);
    expect(tokenizer.decode([...ids, 0, 0])).toBe('a film <unk> <unk> .');
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
  const path = join(folder, 'tokenizer.json');
  const text = 'Wörter, words; the words of the words\n';

  it.each([
    CharacterTokenizer.train(text),
    WordTokenizer.train([text], { lowerCase: false, punctuation: 'attached' }),
    BytePairTokenizer.train(text, { merges: 10, specials: { eos: '<eos>' } }),
  ])('keeps a tokenizer: $constructor.name', async (tokenizer) => {
    await saveTokenizer(path, tokenizer);
    const loaded = await loadTokenizer(path);
    expect(loaded).toBeInstanceOf(tokenizer.constructor);
    expect(loaded.encode(text)).toEqual(tokenizer.encode(text));
    expect([loaded.size, loaded.specials]).toEqual([tokenizer.size, tokenizer.specials]);
    expect(JSON.stringify(loaded)).toBe(readFileSync(path, 'utf8'));
  });

  it.each([
    ['{', /^loadTokenizer: .+ is no tokenizer of this library: .*JSON/],
    ['[]', /the file must be an object; got \[\]$/],
    ['{"type":"bpe"}', /type must be 'character', 'word' or 'byte-pair'; got "bpe"$/],
    [
      '{"type":"character","vocabulary":{"tokens":["a",1],"specials":{}}}',
      /tokens must be an array of texts; got \["a",1\]$/,
    ],
    [
      '{"type":"character","vocabulary":{"tokens":["a","a"],"specials":{}}}',
      /tokens must be distinct; 'a' comes twice$/,
    ],
    [
      '{"type":"character","vocabulary":{"tokens":[],"specials":{"pad":0}}}',
      /specials must be an array of texts; got \[0\]$/,
    ],
    ['{"type":"word","vocabulary":{"tokens":[],"specials":{}}}', /lowerCase must be true or false; got undefined$/],
    [
      '{"type":"byte-pair","merges":[[1,2,3]],"specials":{}}',
      /merges must be an array of pairs of ids; got \[\[1,2,3\]\]$/,
    ],
    ['{"type":"byte-pair","merges":[[1,999]],"specials":{}}', /ids must be whole numbers from 0 to 255; got 999$/],
    ['{"type":"byte-pair","merges":[]}', /specials must be an object; got undefined$/],
  ])('is refused: %s', async (content, says) => {
    writeFileSync(path, content);
    await expect(loadTokenizer(path)).rejects.toThrow(says);
    await expect(loadTokenizer(path)).rejects.toHaveProperty('name', 'FormatError');
  });

  it('is refused as no tokenizer, or read, whatever it holds', async () => {
    const saved = JSON.stringify(BytePairTokenizer.train(text, { merges: 5, specials: { eos: '<eos>' } }));
    const damaged = fc
      .tuple(fc.nat(saved.length), fc.nat(6), fc.constantFrom('', '0', '"', '[', '-1', '1e9', 'null', '{}'))
      .map(([at, removed, put]) => saved.slice(0, at) + put + saved.slice(at + removed));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.json()), async (content) => {
        writeFileSync(path, content);
        const loaded = await loadTokenizer(path).catch((error: Error) => error);
        if (loaded instanceof Error) expect(loaded.name).toBe('FormatError');
        else expect(loaded.decode(loaded.encode(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('padSequences', () => {
  const sequences = [new Int32Array([1, 2, 3]), [4], []];

  it('fills up behind, and says where', () => {
    const { tokens, mask, lengths } = padSequences(sequences, { value: 9 });
    expect(tokens.toArray()).toEqual([
      [1, 2, 3],
      [4, 9, 9],
      [9, 9, 9],
    ]);
    expect(mask.toArray()).toEqual([
      [false, false, false],
      [false, true, true],
      [true, true, true],
    ]);
    expect([tokens.dtype, mask.dtype, lengths.toArray()]).toEqual(['int32', 'bool', [3, 1, 0]]);
    expectTypeOf(tokens).toEqualTypeOf<Tensor<[number, number], 'int32'>>();
  });

  it('fills up before, and cuts either end', () => {
    expect(padSequences(sequences, { padding: 'pre', length: 2 }).tokens.toArray()).toEqual([
      [1, 2],
      [0, 4],
      [0, 0],
    ]);
    const cut = padSequences(sequences, { padding: 'pre', truncating: 'pre', length: 2 });
    expect(cut.tokens.toArray()[0]).toEqual([2, 3]);
    expect(cut.mask.toArray()[1]).toEqual([true, false]);
    expect(cut.lengths.toArray()).toEqual([2, 1, 0]);
  });

  it('is what attention takes', () => {
    const { mask } = padSequences([[1, 2, 3], [4]]);
    const layer = new nn.MultiheadAttention(4, 1, { batchFirst: true });
    const x = randn([2, 3, 4]);
    const [, weights] = layer.forward(x, x, x, { keyPaddingMask: mask });
    expect(weights?.slice(1, null, [1, 3]).sum().item()).toBe(0);
    expect(weights?.slice(1, null, 0).toArray()).toEqual([1, 1, 1]);
  });
});

it('counts neighbours and words', () => {
  expect(ngrams(['a', 'b', 'c'], 2)).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
  expect(ngrams(new Int32Array([1, 2]), 3)).toEqual([]);
  expect(bagOfWords([[0, 2, 2], []], 3).toArray()).toEqual([
    [1, 0, 2],
    [0, 0, 0],
  ]);
});

it.each<[() => unknown, string]>([
  [() => new Vocabulary(['a', 'a']), "ValueError Vocabulary: tokens must be distinct; 'a' comes twice"],
  [
    () => CharacterTokenizer.train('ab').encode('x'),
    "ValueError Vocabulary.id: 'x' is not among the 2 tokens, and there is no unknown one; add specials: { unk: '<unk>' }",
  ],
  [
    () => new Vocabulary(['a']).decode([1]),
    'ValueError Vocabulary.decode: ids must be whole numbers from 0 to 0; got 1',
  ],
  [
    () => Vocabulary.of([], { minFrequency: 0 }),
    'ValueError Vocabulary.of: minFrequency must be a whole number ≥ 1; got 0',
  ],
  [
    () => splitWords('', { punctuation: 'keep' as 'drop' }),
    "ValueError splitWords: punctuation must be 'separate', 'drop' or 'attached'; got 'keep'",
  ],
  [() => padSequences([]), 'ShapeError padSequences: there must be sequences; got none'],
  [
    () => padSequences([[1]], { padding: 'left' as 'pre' }),
    "ValueError padSequences: padding must be 'pre' or 'post'; got 'left'",
  ],
  [() => ngrams([1], 0), 'ValueError ngrams: n must be a whole number ≥ 1; got 0'],
  [() => bagOfWords([[3]], 3), 'ValueError bagOfWords: ids must be whole numbers from 0 to 2; got 3'],
])('states its error: %s', (call, says) => {
  expect(message(call)).toBe(says);
});
