/*
 * npm run bench: every competitor in a process of its own; for each case they are asked in turn, round after round, so
 * that a noisy minute hits all.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Group } from './group.js';
import { makeGroups } from './groups.js';
import { measureGroup, type Session } from './rounds.js';
import { markdown, type Row, sentence, summaries } from './table.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.3' },
    threads: { type: 'string' },
    only: { type: 'string', default: '' },
    onnxruntime: { type: 'string' },
    tfjs: { type: 'string' },
    'cpu-time': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const groups = makeGroups(options);
const help = `npm run bench -- [group …] [options]

${groups.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}

  --rounds N            interleaved rounds; medians are of these (5)
  --seconds S           time of each case in a round (0.3)
  --threads N           1, 2, …; several with commas (1,2)
  --only PATTERN        cases whose name, or section, matches the regular expression
  --cpu-time            one thread's times are of the CPU that it took: where other processes are busy
  --onnxruntime FOLDER  where \`npm install onnxruntime-node\` was run
  --tfjs FOLDER         where \`npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm\` was run
  --json                for machines
`;
const unknown = positionals.find((wanted) => groups.every(({ name }) => name !== wanted));
if (options.help || unknown !== undefined) {
  if (unknown !== undefined) console.error(`there is no group '${unknown}'\n`);
  process.stdout.write(help);
  process.exit(unknown === undefined ? 0 : 1);
}

/** Keeps a CPU busy for as long as this process lives. */
const neighbourhood = `
  const work = () => {
    for (const end = Date.now() + 100; Date.now() < end; );
    if (process.ppid === ${process.pid}) setImmediate(work);
  };
  work();`;

/** Seconds of CPU that everybody used since the machine started. */
const busy = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) / 1000, 0);

/** On a terminal one line that changes, in a log a line for each case. */
let last = '';
function progress(what: string, detail = ''): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${what}${detail && ', '}${detail}\x1b[K`);
  else if (what !== last && what !== '') console.error(what);
  last = what;
}

const session: Session = {
  rounds: Number(options.rounds),
  seconds: Number(options.seconds),
  cpuTime: options['cpu-time'],
  progress,
  about: new Set(),
  missing: new Set(),
  used: 0,
};
const only = new RegExp(options.only);
const chosen = groups
  .filter(({ name }) => (positionals.length > 0 ? positionals : ['overview']).includes(name))
  .map((group) => ({
    ...group,
    cases: group.cases.filter(({ name, section }) => only.test(name) || only.test(section)),
  }))
  .filter(({ cases }) => cases.length > 0);
if (chosen.length === 0) {
  console.error(`no case matches '${options.only}'`);
  process.exit(1);
}
const started = { time: performance.now(), busy: busy() };

const results: { group: Group; rows: Row[] }[] = [];
for (const group of chosen) {
  const threads = options.threads?.split(',').map(Number) ?? group.threads ?? [1, 2];
  // In a session of its own, as another service's process is: the scheduler shares CPUs among sessions.
  const neighbour = group.neighbour ? spawn(process.execPath, ['-e', neighbourhood], { detached: true }) : undefined;
  const rows: Row[] = [];
  try {
    for (const count of threads) rows.push(...(await measureGroup(session, group, count)));
  } finally {
    neighbour?.kill();
  }
  results.push({ group, rows });
}
progress('');

const { user, system } = process.cpuUsage();
const others = busy() - started.busy - session.used - (user + system) / 1e6;
const load = Math.max(0, others / ((performance.now() - started.time) / 1000));
const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}`;
const about = [...session.about].sort();
if (options.json) {
  const rows = results.flatMap(({ group, rows }) => rows.map((row) => ({ group: group.name, ...row })));
  const means = results.flatMap(({ group, rows }) =>
    summaries(group, rows).map((one) => ({ group: group.name, ...one })),
  );
  const missing = [...session.missing];
  console.log(JSON.stringify({ machine, date: new Date().toISOString(), load, about, missing, rows, means }, null, 2));
} else {
  for (const { group, rows } of results) {
    console.log(`${group.name}: ${group.about}\n`);
    console.log(`${markdown(group, rows)}\n`);
    for (const summary of summaries(group, rows)) console.log(`- ${sentence(summary)}`);
    console.log();
  }
  for (const reason of session.missing) console.log(`left out: ${reason}`);
  console.log(`${machine}; ${about.join('; ')}`);
  console.log(
    `Medians of ${session.rounds} interleaved rounds of ${session.seconds} s; others used ${load.toFixed(2)} CPUs.`,
  );
}
