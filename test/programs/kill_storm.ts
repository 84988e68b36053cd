/*
 * Kills a training that saves all the time, with SIGKILL at random moments, and lets it go on from its last checkpoint. Fails
 * unless each checkpoint loads, every step's loss, however often it was done, and the last weights are bit for bit those of
 * a run that nobody killed, and no more than one temporary file is ever left.
 *
 *   node --import tsx test/programs/kill_storm.ts 200
 */
import { deepStrictEqual, ok } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadTensors } from 'adjoint/io';
import { makeRun } from './checkpoint_run.js';

const kills = Number(process.argv[2]);
const home = mkdtempSync(join(tmpdir(), 'adjoint-kills-'));
process.once('exit', () => rmSync(home, { recursive: true }));

/** Starts the training in a folder; `line` waits for the next line that it prints. */
function start(folder: string, epochs: number) {
  const script = fileURLToPath(new URL(`checkpoint_loop${extname(import.meta.url)}`, import.meta.url));
  const args = [...process.execArgv, script, folder, String(epochs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<void> => ok((await lines.next()).done !== true, 'it ended by itself');
  return { child, ended: once(child, 'exit'), line };
}

/** Trains until so many epochs are done, without a kill. */
async function finish(folder: string, epochs: number): Promise<void> {
  const { child, ended } = start(folder, epochs);
  child.stdout.resume();
  deepStrictEqual(await ended, [0, null]);
}

/** The loss of every step that the folder's log has whole. */
function losses(folder: string): [step: number, loss: number][] {
  const path = join(folder, 'metrics.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return lines
    .map((line) => JSON.parse(line))
    .flatMap(({ step, loss, lr }) => (lr === undefined ? [] : [[step, loss]]));
}

/** All weights and moments of a checkpoint, bit by bit. */
const values = async (path: string) =>
  new Map([...(await loadTensors(path))].map(([name, tensor]) => [name, { shape: tensor.shape, data: tensor.data() }]));

const killed = join(home, 'killed');
mkdirSync(killed);
const checkpoint = join(killed, 'run.safetensors');
const seen = new Map<number, number>();
const { trainer, batches } = makeRun();
let loaded = 0;
let whileWriting = 0;
let stepsTwice = 0;
/** Milliseconds from one time that it saves to the next, on this machine at this moment. */
let round = 0;
const remember = (): void => {
  for (const [step, loss] of losses(killed)) {
    if (seen.has(step)) deepStrictEqual(loss, seen.get(step), `the loss of step ${step}`);
    seen.set(step, loss);
  }
};

for (let i = 1; i <= kills; i++) {
  const { child, ended, line } = start(killed, 1e6);
  await line();
  for (let saves = 1 + Math.floor(3 * Math.random()); saves > 0; saves--) {
    const before = performance.now();
    await line();
    round = performance.now() - before;
  }
  await setTimeout(1.2 * round * Math.random());
  child.kill('SIGKILL');
  deepStrictEqual(await ended, [null, 'SIGKILL']);

  const temporary = readdirSync(killed).filter((name) => name.endsWith('.tmp'));
  ok(temporary.length <= 1, `left behind: ${temporary.join(', ')}`);
  whileWriting += temporary.length;
  remember();
  if (!existsSync(checkpoint)) continue;
  const before = trainer.step;
  await trainer.resume(checkpoint, batches);
  ok(trainer.step >= before, `the checkpoint went back from step ${before} to ${trainer.step}`);
  stepsTwice += Math.max(...seen.keys()) - trainer.step;
  loaded++;
}

const epochs = trainer.history.length + 2;
await finish(killed, epochs);
remember();
deepStrictEqual(readdirSync(killed).sort(), ['metrics.jsonl', 'run.safetensors']);

const whole = join(home, 'whole');
mkdirSync(whole);
await finish(whole, epochs);
const expected = losses(whole);
deepStrictEqual(
  expected.map(([step]) => [step, seen.get(step)]),
  expected,
);
deepStrictEqual(losses(killed), expected);
deepStrictEqual(await values(checkpoint), await values(join(whole, 'run.safetensors')));
console.log(
  JSON.stringify({
    kills,
    whileWriting,
    checkpointsLoaded: loaded,
    steps: expected.length,
    stepsDoneAgain: stepsTwice,
  }),
);
