// npm run test:asan, npm run test:tsan: builds the native core with the address and undefined-behaviour sanitizers into
// build/asan, or with the thread sanitizer into build/tsan, and runs the tests that reach it. Arguments, if any, are the
// tests to run instead, or one of test/programs and its arguments.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compile, root } from './toolchain.mjs';

const sanitizers = {
  address: {
    directory: 'build/asan',
    runtime: 'libasan.so',
    tests: ['errors.test.ts', 'capture', 'native', 'nn', 'ops', 'optim', 'tensor'],
    options: {
      // A request for more memory than there is has to fail as it does elsewhere, not end the process.
      ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  },
  thread: {
    directory: 'build/tsan',
    runtime: 'libtsan.so',
    // The pool, replays beside the main thread, weights and jobs in workers.
    tests: ['capture', 'data', 'native', 'ops/fused', 'train/capture', 'train/job', 'train/shared_weights'],
    // A first report ends the process, and with it the test: the runner would not look at its exit code.
    options: { TSAN_OPTIONS: `halt_on_error=1:suppressions=${join(root, 'build/tsan/suppressions')}` },
  },
};

const [name, ...wanted] = process.argv.slice(2);
const { directory, runtime, tests, options } = sanitizers[name];
if (!compile(directory, [`ADJOINT_SANITIZE=${name}`], 'inherit').ok) process.exit(1);

// The loader looks for build/Release in the folder that ADJOINT_PREBUILD names.
const home = join(root, directory, 'home');
rmSync(home, { recursive: true, force: true });
mkdirSync(home);
symlinkSync(join(root, directory), join(home, 'build'));

// The thread sanitizer does not see the atomics of Node and of the test runner, so what it thinks of their memory is of no use.
if (name === 'thread') {
  const others = [`^${process.execPath}$`, '/node_modules/'];
  const lines = others.flatMap((module) => [`race:${module}`, `mutex:${module}`, `deadlock:${module}`]);
  writeFileSync(join(root, directory, 'suppressions'), `${lines.join('\n')}\n`);
}

// Node itself is not instrumented, so the sanitizer's runtime has to be in the process before it, and V8's own memory is
// no leak of ours.
const compiler = process.env.CXX || 'g++';
const preload = execFileSync(compiler, [`-print-file-name=${runtime}`], { encoding: 'utf8' }).trim();
const chosen = wanted.length > 0 ? wanted : tests.map((test) => `test/${test}`);
// Passes over gigabytes would take the hour.
const patience = ['--testTimeout=600000', '--hookTimeout=600000', '--exclude=test/native/huge.test.ts'];
const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
const command = wanted[0]?.startsWith('test/programs/')
  ? ['--import', 'tsx', ...wanted]
  : [vitest, 'run', '--config', 'test/vitest.config.ts', ...patience, ...chosen];
const { status } = spawnSync(process.execPath, command, {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    ADJOINT_PREBUILD: home,
    LD_PRELOAD: preload,
    ...options,
  },
});
process.exitCode = status ?? 1;
