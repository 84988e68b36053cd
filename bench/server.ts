import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from './group.js';
import type { Answer } from './serve.js';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Seconds until an answer counts as none. */
const patience = 90;

/** A competitor's process, alive from case to case and idle while others are asked. */
export class Server {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;
  #about = '';

  private constructor({ file, args, env = {} }: Command) {
    this.#child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#lines = createInterface(this.#child.stdout);
    let said = '';
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', () => reject(new Error(said.trim().split('\n').at(-1) || 'it ended')));
    });
    // Who asks hears of it, also where the question cannot be written any more.
    this.#ended.catch(() => {});
    this.#child.stdin.on('error', () => {});
  }

  static async start(command: Command): Promise<Server> {
    const server = new Server(command);
    server.#about = (await server.#answer()).about ?? '';
    return server;
  }

  /** What it says of itself. */
  get about(): string {
    return this.#about;
  }

  /** The answer to "seconds words"; an error in it where the process died or took too long, which ends it. */
  async ask(words: string, seconds: number): Promise<Answer> {
    try {
      this.#child.stdin.write(`${seconds} ${words}\n`);
      return await this.#answer();
    } catch (error) {
      this.#child.kill('SIGKILL');
      const { name, message } = error as Error;
      return { error: name === 'AbortError' ? `no answer in ${patience} s` : message };
    }
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Seconds of CPU that it used so far, where the system tells. */
  get used(): number {
    try {
      const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100; // clock ticks: 100 a second on Linux
    } catch {
      return 0;
    }
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.alive) await once(this.#child, 'close');
  }

  async #answer(): Promise<Answer> {
    const line = once(this.#lines, 'line', { signal: AbortSignal.timeout(1000 * patience) });
    const [text] = await Promise.race([line, this.#ended]);
    return JSON.parse(text);
  }
}
