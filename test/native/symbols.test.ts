import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const build = fileURLToPath(new URL('../../build', import.meta.url));
const nm = (...args: string[]): string =>
  execFileSync('nm', ['-C', '--defined-only', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });

const isas = readdirSync(`${build}/CMakeFiles`).flatMap((name) => /^kernels_(\w+)\.dir$/.exec(name)?.[1] ?? []);

/*
 * Of equal names in several objects the linker keeps one. If a function of the standard library is compiled with AVX-512
 * in one file, the copy that all share may be that one, and a machine without AVX-512 stops there with an illegal instruction.
 * DW.ref names are pointers for exception handling: no instructions. A name nested so deeply that nm leaves it mangled has
 * the namespace behind its length.
 */
describe('what the kernels of an instruction set define belongs to its namespace', () => {
  it.each(isas)('%s', (isa) => {
    const folder = `${build}/CMakeFiles/kernels_${isa}.dir`;
    const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.o'));
    expect(objects.length).toBeGreaterThan(0);
    const symbols = nm('--extern-only', '--no-sort', ...objects.map((name) => `${folder}/${name}`)).split('\n');
    const foreign = symbols.filter(
      (line) =>
        /^[0-9a-f]+ \S /.test(line) &&
        ![`adjoint::${isa}::`, `7adjoint${isa.length}${isa}`, `NS_${isa.length}${isa}`, ' DW.ref.'].some((part) =>
          line.includes(part),
        ),
    );
    expect(foreign).toEqual([]);
  });
});

it('the addon exports its entry points and nothing else', () => {
  const exported = nm('--dynamic', `${build}/Release/adjoint.node`).trimEnd().split('\n');
  const names = exported.map((line) => line.split(' ').slice(2).join(' '));
  expect(
    names.filter((name) => !/^(napi_register_module_v\d+|node_api_module_get_api_version_v\d+)$/.test(name)),
  ).toEqual([]);
});
