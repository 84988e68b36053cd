// npm run test:asan: builds the native core with the address and undefined-behaviour sanitizers into build/asan and runs the
// tests that reach it. Arguments, if any, are the tests to run instead.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compile, root } from './toolchain.mjs';

const directory = 'build/asan';
if (!compile(directory, ['ADJOINT_SANITIZE=ON'], 'inherit').ok) process.exit(1);

// The loader looks for build/Release in the folder that ADJOINT_PREBUILD names.
const home = join(root, directory, 'home');
rmSync(home, { recursive: true, force: true });
mkdirSync(home);
symlinkSync(join(root, directory), join(home, 'build'));

// Node itself is not instrumented, so the sanitizer's runtime has to be in the process before it, and V8's own memory is
// no leak of ours.
const compiler = process.env.CXX || 'g++';
const runtime = execFileSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
const reached = ['errors.test.ts', 'capture', 'native', 'nn', 'ops', 'optim', 'tensor'].map((name) => `test/${name}`);
const tests = process.argv.length > 2 ? process.argv.slice(2) : reached;
const patience = ['--testTimeout=600000', '--hookTimeout=600000'];
const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'test/vitest.config.ts', ...patience, ...tests],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ADJOINT_PREBUILD: home,
      LD_PRELOAD: runtime,
      // A request for more memory than there is has to fail as it does elsewhere, not end the process.
      ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  },
);
process.exitCode = status ?? 1;
