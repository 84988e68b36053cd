// Makes prebuilds/<platform>-<arch>/adjoint[.libc].node, the binary that the package carries, and prints the glibc it needs.
//
//   npm run prebuild           threads by our own pool: the binary needs nothing but glibc
//   npm run prebuild:openmp    threads by OpenMP, its runtime beside the binary
//
// In package.json the work stands in `preprebuild`: npm takes a script named prebuild for a hook of `npm run build` too, but
// runs hooks of hooks for nobody, so preprebuild runs exactly when someone says `npm run prebuild`.
//
// prebuildify does the naming and stripping. It builds through node-gyp; this file stands in for that, in a directory of
// its own, because prebuildify moves what it finds in build/Release and tests may be using that.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import prebuildify from 'prebuildify';
import { compile, missingTools, root } from './toolchain.mjs';

const openmp = process.argv.includes('--openmp');
const stage = join(root, 'build/prebuild');
const staged = join(stage, 'build/Release');
const target = join(root, 'prebuilds', `${process.platform}-${process.arch}`);

// The runtime travels under a name of its own: under the common one, the loader would take whichever copy another addon
// brought first. Same length, so that it can be written over the old one in the string tables of both files.
const openmpRuntime = 'libgomp.so.1';
const ownRuntime = 'libgadj.so.1';

if (process.argv.includes('rebuild')) standInForNodeGyp();
else await prebuild();

async function prebuild() {
  const missing = missingTools();
  if (missing.length > 0) throw new Error(`prebuild: ${missing.join(', ')} not found`);
  for (const directory of [stage, target]) rmSync(directory, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  await new Promise((resolve, reject) => {
    const command = [process.execPath, fileURLToPath(import.meta.url), ...(openmp ? ['--openmp'] : [])];
    const nodeGyp = command.map((word) => `"${word}"`).join(' ');
    prebuildify(
      {
        name: 'adjoint',
        cwd: stage,
        out: root,
        napi: true,
        strip: true,
        tagLibc: process.platform === 'linux',
        nodeGyp,
        shell: true,
      },
      (error) => (error ? reject(error) : resolve()),
    );
  });
  const binary = readdirSync(target).find((name) => name.endsWith('.node'));
  const place = relative(root, join(target, binary));
  console.log(`prebuild: ${place}${openmp ? ` with ${ownRuntime}` : ''}${glibcNeed(join(target, binary))}`);
}

function standInForNodeGyp() {
  const directory = openmp ? 'build/openmp' : 'build';
  const { ok, log } = compile(directory, openmp ? ['ADJOINT_OPENMP=ON'] : []);
  if (!ok) {
    console.error(log);
    process.exit(1);
  }
  const binary = join(staged, 'adjoint.node');
  copyFileSync(join(root, directory, 'Release/adjoint.node'), binary);
  if (!openmp) return;
  const compiler = process.env.CXX || 'g++';
  const runtime = execFileSync(compiler, [`-print-file-name=${openmpRuntime}`], { encoding: 'utf8' }).trim();
  copyFileSync(realpathSync(runtime), join(staged, ownRuntime));
  for (const file of [binary, join(staged, ownRuntime)]) rename(file, openmpRuntime, ownRuntime);
}

/** Writes one library's name over another's, wherever the file holds it as a whole string. */
function rename(file, from, to) {
  const bytes = readFileSync(file);
  const [old, replacement] = [from, to].map((name) => Buffer.from(`\0${name}\0`));
  let at = bytes.indexOf(old);
  if (at < 0) throw new Error(`prebuild: ${basename(file)} does not name ${from}`);
  for (; at >= 0; at = bytes.indexOf(old, at)) replacement.copy(bytes, at);
  writeFileSync(file, bytes);
}

/** The newest glibc of which the binary uses a symbol, in words. */
function glibcNeed(binary) {
  if (process.platform !== 'linux') return '';
  const symbols = execFileSync('objdump', ['-T', binary], { encoding: 'utf8' });
  const versions = [...symbols.matchAll(/\bGLIBC_([\d.]+)/g)].map(([, version]) => version);
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? '' : `; needs glibc ${newest} or newer`;
}
