import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { generateDigits } from 'adjoint/data';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram, startProgram } from './programs.js';

/* Each example asserts its own result and fails if it is not reached. */

it.each(['linear_regression', 'xor', 'forecast'])('%s reaches its result', (name) => {
  expect(runProgram(`examples/${name}.ts`)).toMatch(/^step \d+: /);
});

it('gates shows and draws what a line can separate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-gates-'));
  try {
    expect(runProgram('examples/gates.ts', { cwd: folder })).toContain('two hidden units, XOR: 0, 1, 1, 0\n');
    expect(readdirSync(join(folder, 'runs/gates')).sort()).toEqual(
      ['and_logistic', 'and_perceptron', 'xor_network'].map((name) => `${name}.svg`),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('initialisation shows and draws what becomes of a signal in a hundred layers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-initialisation-'));
  try {
    expect(runProgram('examples/initialisation.ts', { cwd: folder })).toMatch(/^weights of Xavier: /m);
    expect(readdirSync(join(folder, 'runs/initialisation')).sort()).toEqual(
      ['normal', 'xavier'].flatMap((weights) => [`${weights}_activations.svg`, `${weights}_slopes.svg`]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('gradient_flow shows what vanishes, what explodes and what clipping saves', () => {
  const printed = runProgram('examples/gradient_flow.ts');
  expect(printed).toMatch(/^not clipped: loss .* NaN at last$/m);
  expect(printed).toMatch(/^clipped to 1: loss /m);
});

it('graph prints tables and writes pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-graph-'));
  try {
    expect(runProgram('examples/graph.ts', { args: [folder] })).toContain(
      'f → e → c → a: 2 · 1 · 15 = 30\n∂a/∂f = 60\n',
    );
    const files = ['network', 'neuron', 'paths'].flatMap((name) => [`${name}.dot`, `${name}.svg`]);
    expect(readdirSync(folder).sort()).toEqual(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('rosenbrock reaches its results and draws them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-rosenbrock-'));
  try {
    expect(runProgram('examples/rosenbrock.ts', { cwd: folder })).toContain('α* 0.0050015\n');
    for (const name of ['paths', 'distance']) {
      const svg = readFileSync(join(folder, 'runs/rosenbrock', `${name}.svg`), 'utf8');
      const named = [...svg.matchAll(/aria-label="([^"]*)" role="\S+" aria-roledescription="line mark"/g)];
      expect(named.map(([, method]) => method)).toEqual(['SGD', 'Nesterov', 'Adam', 'L-BFGS', 'Newton']);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(['mnist_mlp', 'time_series', 'polarity', 'super_convergence'])('%s asks for its data', async (name) => {
  const { code, stderr } = await startProgram(`examples/${name}.ts`).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`usage: npx tsx examples/${name}.ts FOLDER`);
});

it('shakespeare learns to write from a text, and continues it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-shakespeare-'));
  try {
    const file = join(folder, 'input.txt');
    // Every letter follows from the one before it: a few steps come far below the log 8 = 2.08 nats of guessing.
    writeFileSync(file, 'abcdefgh'.repeat(1500));
    const args = [file, '--steps', '60', '--width', '32', '--below', '0.5'];
    const printed = runProgram('examples/shakespeare.ts', { args });
    expect(printed).toMatch(/^a.{127}$/m);
    expect(printed).toMatch(/^step 60: loss \d\.\d{4}, validation \d\.\d{4}, \d+ s$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each(['shakespeare', 'pima'])('%s asks for its data', async (name) => {
  const { code, stderr } = await startProgram(`examples/${name}.ts`).ended;
  expect(code).toBe(1);
  expect(stderr).toContain(`usage: npx tsx examples/${name}.ts FILE`);
});

describe('serve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adjoint-serve-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers while it trains, pauses, and saves when it is told to leave', { timeout: 120_000 }, async () => {
    const checkpoint = join(folder, 'serve.safetensors');
    const args = ['--port', '0', '--digits', '1600', '--epochs', '200', '--checkpoint', checkpoint];
    const { kill, printed, ended } = startProgram('examples/serve.ts', { args });
    const [url] = /http:.*/.exec(await printed('http://')) as RegExpExecArray;
    const ask = async (path: string, init?: RequestInit): Promise<any> => (await fetch(url + path, init)).json();
    const post = (path: string, body?: Uint8Array<ArrayBuffer>) =>
      ask(path, { method: 'POST', ...(body !== undefined && { body }) });

    const { images, labels } = generateDigits(20, { seed: 3 });
    const pixels = images.data();
    const truth = labels.data();
    /** Rightly answered of twenty, and the steps whose weights answered. */
    const examine = async () => {
      const answers = [];
      for (let i = 0; i < 20; i++) answers.push(await post('/predict', pixels.slice(784 * i, 784 * (i + 1))));
      return {
        right: answers.filter(({ digit }, i) => digit === truth[i]).length,
        steps: answers.map(({ step }) => step),
      };
    };

    // How far one epoch comes is chance: from nine in ten on, fourteen of twenty are to be expected.
    while (((await ask('/status')).scores?.validation.accuracy ?? 0) < 0.9) await setTimeout(20);
    const during = await examine();
    expect(during.right).toBeGreaterThanOrEqual(14);
    expect(new Set(during.steps).size).toBeGreaterThan(1);
    expect(during.steps).toEqual([...during.steps].sort((a, b) => a - b));

    await post('/pause');
    while (!(await ask('/status')).paused) await setTimeout(20);
    const paused = await examine();
    expect(new Set(paused.steps).size).toBe(1);
    await post('/resume');
    expect(await ask('/elsewhere')).toEqual({
      error: 'GET /status, POST /predict with 784 bytes, /pause, /resume or /stop',
    });

    kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ epochs, validation accuracy \d+\.\d\d %$/m);
    expect(readdirSync(folder)).toEqual(['serve.safetensors']);
  });
});
