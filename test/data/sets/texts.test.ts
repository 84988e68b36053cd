import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolarity, readShakespeare, readTatoeba } from 'adjoint/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'texts-'));
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('readShakespeare', () => {
  it('keeps a tenth to validate on', async () => {
    write('input.txt', `${'First Citizen:\n'.repeat(10)}`);
    const { train, validation } = await readShakespeare(folder);
    expect([train.length, validation.length]).toEqual([135, 15]);
    expect(train + validation).toBe('First Citizen:\n'.repeat(10));
  });

  it('refuses what is missing, no text, broken off or too large', async () => {
    const path = write('input.txt', 'Speak');
    await expect(readShakespeare(folder)).rejects.toThrow(
      `readShakespeare: ${path} must end with a line break; it has 5 bytes and breaks off`,
    );
    write('input.txt', new Uint8Array([0xff, 0xfe, 10]));
    await expect(readShakespeare(folder)).rejects.toThrow(
      `readShakespeare: ${path} must be text in utf-8; it has other bytes`,
    );
    // A hole, which takes no space on the disk.
    truncateSync(path, 2 ** 28 + 1);
    await expect(readShakespeare(folder)).rejects.toThrow(
      `readShakespeare: ${path} must be a file of at most 268435456 bytes; it is one of 268435457`,
    );
    await expect(readShakespeare(join(folder, 'none'))).rejects.toThrow(
      `readShakespeare: cannot read ${join(folder, 'none', 'input.txt')}: ENOENT: no such file or directory`,
    );
  });
});

describe('readPolarity', () => {
  it('labels sentences', async () => {
    write('rt-polarity.neg', 'a dull film . \nno\n');
    write('rt-polarity.pos', 'jirí is a gem . \r\n');
    const { sentences, labels } = await readPolarity(folder);
    expect(sentences).toEqual(['a dull film .', 'no', 'jirí is a gem .']);
    expect([labels.toArray(), labels.dtype]).toEqual([[0, 0, 1], 'int32']);
  });

  it('reads the encoding of the first copies if told so, and refuses it otherwise', async () => {
    const path = write('rt-polarity.neg', Buffer.from('clichés –\n', 'latin1'));
    await expect(readPolarity(folder)).rejects.toThrow(
      `readPolarity: ${path} must be text in utf-8; it has other bytes`,
    );
    write('rt-polarity.neg', new Uint8Array([0x63, 0x6c, 0x69, 0x63, 0x68, 0xe9, 0x97, 0x0a]));
    write('rt-polarity.pos', 'good\n');
    expect((await readPolarity(folder, { encoding: 'windows-1252' })).sentences).toEqual(['cliché—', 'good']);
  });

  it('refuses empty lines and other things than files', async () => {
    const path = write('rt-polarity.neg', 'bad\n\nworse\n');
    await expect(readPolarity(folder)).rejects.toThrow(
      `readPolarity: ${path}: a line must be a sentence; line 2 is empty`,
    );
    await expect(readTatoeba(folder)).rejects.toThrow(
      `readTatoeba: ${folder} must be a file of at most 268435456 bytes; it is none`,
    );
  });
});

describe('readTatoeba', () => {
  it('reads pairs', async () => {
    const path = write('eng-fra.txt', "Go.\tVa !\tCC-BY 2.0 #1\nI'm so sorry.\tJe suis désolée !\tCC-BY 2.0 #2\n");
    expect(await readTatoeba(path)).toEqual([
      { source: 'Go.', target: 'Va !', attribution: 'CC-BY 2.0 #1' },
      { source: "I'm so sorry.", target: 'Je suis désolée !', attribution: 'CC-BY 2.0 #2' },
    ]);
  });

  it('refuses lines of other columns, and empty sentences', async () => {
    const path = write('eng-fra.txt', 'Go.\tVa !\tCC-BY\nGo.\tMarche.\n');
    await expect(readTatoeba(path)).rejects.toThrow(`readTatoeba: ${path}: a line must have 3 columns; line 2 has 2`);
    write('eng-fra.txt', '\tVa !\tCC-BY\n');
    await expect(readTatoeba(path)).rejects.toThrow(
      `readTatoeba: ${path}: a sentence must not be empty; one of line 1 is`,
    );
    await expect(readTatoeba('')).rejects.toThrow("readTatoeba: a path must be a text; got ''");
  });
});

it('readers of any bytes give texts or refuse them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ max: 255 }),
      fc.string({ unit: fc.constantFrom('a', '\t', '\n', '\r', 'é') }),
      async (bytes, text) => {
        for (const content of [bytes, text]) {
          for (const name of ['input.txt', 'rt-polarity.neg', 'rt-polarity.pos', 'eng-fra.txt']) write(name, content);
          for (const read of [
            () => readShakespeare(folder),
            () => readPolarity(folder),
            () => readPolarity(folder, { encoding: 'windows-1252' }),
            () => readTatoeba(join(folder, 'eng-fra.txt')),
          ]) {
            const result: unknown = await read().catch((error: unknown) => error);
            if (result instanceof Error) expect(result.name).toBe('FormatError');
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});
