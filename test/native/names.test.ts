import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const native = fileURLToPath(new URL('../../native', import.meta.url));

/*
 * A type of one name in two headers of a namespace keeps a file from including both, and where two files include one each, the
 * linker takes the functions of either for both.
 */
it('gives each type of a namespace one header', () => {
  const headers = readdirSync(native, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.h'));
  const declared = new Map<string, Set<string>>();
  for (const header of headers) {
    const source = readFileSync(join(native, header), 'utf8');
    const namespace = /^namespace ([\w:]+) \{/m.exec(source)?.[1];
    // What begins its line, with a body or another name: not those within a struct, nor announcements.
    for (const [, name] of source.matchAll(/^(?:struct|class|enum class|using) (\w+)(?: [^;{]*\{| = )/gm)) {
      const key = `${namespace}::${name}`;
      declared.set(key, (declared.get(key) ?? new Set()).add(header));
    }
  }
  expect(declared.size).toBeGreaterThan(60);
  const twice = [...declared].filter(([, places]) => places.size > 1);
  expect(twice.map(([name, places]) => `${name}: ${[...places].join(', ')}`)).toEqual([]);
});
