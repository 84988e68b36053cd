import { describe, expect, it } from 'vitest';
import { importPeer, requirePeer } from '../../lib/core/peer.js';
import { message } from '../message.js';

describe('peer', () => {
  const text = 'plot: needs the package a-package-of-no-name, which is not installed; npm install a-package-of-no-name';
  it('loads a package', async () => {
    expect(requirePeer<{ parse: unknown }>('readCsv', 'csv-parse').parse).toBeTypeOf('function');
    expect((await importPeer<{ parse: unknown }>('plot', 'vega')).parse).toBeTypeOf('function');
  });
  it('names the one that is missing, and how to get it', async () => {
    expect(message(() => requirePeer('plot', 'a-package-of-no-name'))).toBe(`StateError ${text}`);
    await expect(importPeer('plot', 'a-package-of-no-name')).rejects.toThrow(text);
    await expect(importPeer('plot', 'a-package-of-no-name/part')).rejects.toThrow(text);
  });
});
