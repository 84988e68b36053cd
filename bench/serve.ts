import { createInterface } from 'node:readline';
import type { Timing } from './measure.js';

/** What a competitor's process says in a line: first about itself, then to each question. */
export interface Answer extends Partial<Timing> {
  about?: string;
  /** Why it cannot. */
  error?: string;
  /** The way in which it was fastest. */
  variant?: string;
  /** The multiply-add peak in GFLOP/s. */
  peak?: number;
}

type Work = (seconds: number) => Answer | Promise<Answer>;

/**
 * Answers lines of "seconds words…" with the time of that work until there are no more.
 *
 * @param prepare  makes the work of the words, once for the same ones in a row; throws where it cannot
 */
export async function serve(about: string, prepare: (words: string) => Work | Promise<Work>): Promise<void> {
  const say = (answer: Answer): void => console.log(JSON.stringify(answer));
  say({ about });
  let prepared = '';
  let work: Work = () => ({});
  for await (const line of createInterface(process.stdin)) {
    const [, seconds, words] = /^(\S+) (.*)$/.exec(line) as RegExpExecArray;
    try {
      if (words !== prepared) work = await prepare(words);
      prepared = words;
      say(await work(Number(seconds)));
    } catch (error) {
      prepared = '';
      say({ error: (error as Error).message.split('\n')[0] });
    }
  }
}
