import { ValueError } from 'adjoint';
import * as data from 'adjoint/data';
import { expect, it } from 'vitest';

const readers = Object.entries(data).filter(([name]) => name.startsWith('read'));

it.each(readers)('%s asks for a path', async (name, read) => {
  const untyped = read as (path?: unknown) => Promise<unknown>;
  await expect(untyped()).rejects.toThrow(new ValueError(`${name}: a path must be a text; got undefined`));
});
