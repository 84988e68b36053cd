/* adjoint as a competitor. Asked for a case of the groups, or for the "peak" of its threads. */
import { parseArgs } from 'node:util';
import { backend, seed } from 'adjoint';
import { multiplyAdds } from '../lib/profile/peak.js';
import { cases } from './cases/index.js';
import type { Mode } from './group.js';
import { kernelCalls } from './kernel_calls.js';
import { measure } from './measure.js';
import { type Answer, serve } from './serve.js';

const { values } = parseArgs({ options: { mode: { type: 'string', default: 'captured' } } });
const mode = values.mode as Mode;
seed(0);

const known = new Map(Object.values(cases).flatMap((group) => group.map((item) => [item.ask, item])));
const { name, isa, threads } = backend();

/** The last case: asking for the peak between its rounds does not end it. */
let last: { words: string; work: (seconds: number) => Answer } | undefined;

function workOf(words: string): (seconds: number) => Answer {
  const item = known.get(words);
  if (item === undefined) throw new Error('no such work');
  const call = item.setup(mode === 'kernel' ? 'eager' : mode);
  if (mode !== 'kernel') {
    let warm = false;
    return (seconds) => {
      // JavaScript is compiled while it runs; PyTorch's variants are tried out for as long.
      if (!warm) measure(call, seconds);
      warm = true;
      return measure(call, seconds);
    };
  }
  const { run, repeats } = kernelCalls(call, item.omit);
  return (seconds) => {
    const { median, minimum } = measure(run, seconds);
    return { median: median / repeats, minimum: minimum / repeats };
  };
}

await serve(`adjoint, ${name}, ${isa}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, (words) => {
  if (words === 'peak') {
    const { run, flop } = multiplyAdds();
    return (seconds) => ({ peak: name === 'native' ? flop / (measure(run, seconds).median * 1e6) : 0 });
  }
  if (last?.words !== words) {
    last = undefined; // gives its memory back
    last = { words, work: workOf(words) };
  }
  return last.work;
});
