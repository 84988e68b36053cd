// How long a parallel region takes by our pool and by OpenMP, on an idle machine and beside one busy process.
//
//   npm run prebuild:openmp && npm run prebuild && node bench/threads.mjs
//
// The first command leaves an OpenMP build in build/openmp, the second brings the default build back. Every figure comes from
// processes of their own, the engines in turn; median, 99th percentile and mean of a call, in µs.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const float32 = 4; // its code among the addon's dtypes
const regions = [
  { name: 'small', elements: 40_000, calls: 4000 },
  { name: 'large', elements: 1_000_000, calls: 400 },
];
const seconds = 2; // at most, a process
const rounds = 3;

/** In a process of its own: the times of one region's calls, in µs. A region is e^x of so many elements. */
function measure({ elements, calls }, threads) {
  const addon = createRequire(import.meta.url)('node-gyp-build')(root);
  addon.setThreads(threads);
  const x = new Float32Array(elements).fill(0.5);
  const y = new Float32Array(elements);
  const exp = addon.kernels.indexOf('exp');
  const call = [
    exp,
    2,
    0,
    ...[y, x].flatMap((array) => [addon.addressOf(array), array.byteLength, 1, float32, 0, elements, 1]),
  ];
  const run = () => {
    addon.record.set(call);
    addon.run();
  };
  for (let i = 0; i < 20; i++) run();
  const times = [];
  const end = performance.now() + seconds * 1e3;
  while (times.length < calls && performance.now() < end) {
    const start = performance.now();
    run();
    times.push((performance.now() - start) * 1e3);
  }
  return times;
}

function quantile(times, q) {
  return [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * q)];
}

function compare() {
  const homes = mkdtempSync(join(tmpdir(), 'adjoint-threads-'));
  const engines = { 'one thread': 'build', pool: 'build', OpenMP: 'build/openmp' };
  for (const [engine, directory] of Object.entries(engines)) {
    mkdirSync(join(homes, engine));
    symlinkSync(join(root, directory), join(homes, engine, 'build'));
  }
  console.log(
    `${cpus()[0].model}, ${availableParallelism()} CPUs, load ${loadavg()[0].toFixed(1)}; µs: median, 99th percentile, mean`,
  );
  for (const busy of [false, true]) {
    // In a session of its own, as another service's process is: the scheduler shares CPUs among sessions.
    const neighbour = busy ? spawn(process.execPath, ['-e', 'for (;;);'], { detached: true }) : undefined;
    for (const [index, { name }] of regions.entries()) {
      const times = Object.fromEntries(Object.keys(engines).map((engine) => [engine, []]));
      for (let round = 0; round < rounds; round++) {
        for (const engine of Object.keys(engines)) {
          const args = [self, String(index), engine === 'one thread' ? '1' : '2'];
          const env = { ...process.env, ADJOINT_PREBUILD: join(homes, engine) };
          times[engine].push(...JSON.parse(spawnSync(process.execPath, args, { env, encoding: 'utf8' }).stdout));
        }
      }
      for (const [engine, all] of Object.entries(times)) {
        const place = busy ? 'beside a busy process' : 'alone';
        const mean = all.reduce((sum, time) => sum + time, 0) / all.length;
        const figures = [quantile(all, 0.5), quantile(all, 0.99), mean].map((time) => time.toFixed(1).padStart(9));
        console.log(name.padEnd(6), place.padEnd(22), engine.padEnd(11), ...figures);
      }
    }
    neighbour?.kill();
  }
  rmSync(homes, { recursive: true });
}

const [index, threads] = process.argv.slice(2).map(Number);
if (index === undefined) compare();
else console.log(JSON.stringify(measure(regions[index], threads)));
