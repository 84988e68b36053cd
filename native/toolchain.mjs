// What the build scripts share: finding a compiler and running cmake-js.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
const oldestCMake = [3, 18];

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasCMake() {
  const version = /version (\d+)\.(\d+)/.exec(spawnSync('cmake', ['--version'], { encoding: 'utf8' }).stdout ?? '');
  if (version === null) return false;
  const [major, minor] = version.slice(1).map(Number);
  return major > oldestCMake[0] || (major === oldestCMake[0] && minor >= oldestCMake[1]);
}

/** What the native core cannot be built without and this machine lacks, in words; empty if all is there. */
export function missingTools() {
  const missing = [];
  if (!process.env.CXX && !['g++', 'clang++'].some(isOnPath)) missing.push('a C++17 compiler (g++ or clang++)');
  if (!hasCMake()) missing.push(`CMake ${oldestCMake.join('.')} or newer`);
  if (!['ninja', 'make'].some(isOnPath)) missing.push('make or ninja');
  return missing;
}

/**
 * Builds `directory`/Release/adjoint.node, whatever is out of date of it. `definitions` are CMake's (`['ADJOINT_WERROR=ON']`)
 * and stay in the directory's cache for the builds that follow. Returns whether it worked and what the tools printed.
 */
export function compile(directory, definitions = [], stdio = 'pipe') {
  // cmake-js looks for g++ and clang++ by name; a compiler that CXX names goes to it by hand.
  const compiler = process.env.CXX ? [`--cxx=${process.env.CXX}`, `--cc=${process.env.CXX}`] : [];
  const options = [
    '--out',
    join(root, directory),
    ...compiler,
    ...definitions.map((definition) => `--CD${definition}`),
  ];
  let log = '';
  for (const command of definitions.length > 0 ? ['configure', 'build'] : ['build']) {
    const result = spawnSync(process.execPath, [cmakeJs, command, ...options], { cwd: root, encoding: 'utf8', stdio });
    log += `${result.stdout ?? ''}${result.stderr ?? ''}`;
    if (result.status !== 0) return { ok: false, log };
  }
  return { ok: true, log };
}
