import { setTimeout } from 'node:timers/promises';
import { bandwidth } from './competitors.js';
import type { Case, Competitor, Group } from './group.js';
import type { Answer } from './serve.js';
import { Server } from './server.js';
import { type Figure, figure, makeRow, type Row } from './table.js';

/** How long things are measured, and what is noticed meanwhile. */
export interface Session {
  readonly rounds: number;
  /** Of each case in a round. */
  readonly seconds: number;
  /** Whether work on one thread is timed by the CPU that it took, for a machine that others use too. */
  readonly cpuTime: boolean;
  readonly progress: (what: string, detail?: string) => void;
  /** What the competitors say of themselves. */
  readonly about: Set<string>;
  /** Why a competitor, or one of its cases, is missing. */
  readonly missing: Set<string>;
  /** Seconds of CPU that competitors took. */
  used: number;
}

interface Running {
  competitor: Competitor;
  server: Server;
}

async function start(session: Session, competitor: Competitor, threads: number): Promise<Running[]> {
  try {
    const command = competitor.command(threads);
    if (typeof command === 'string') throw new Error(command);
    const env = session.cpuTime && threads === 1 ? { ADJOINT_BENCH_CLOCK: 'cpu' } : {};
    const server = await Server.start({ ...command, env: { ...command.env, ...env } });
    if (competitor !== bandwidth) session.about.add(server.about);
    return [{ competitor, server }];
  } catch (error) {
    session.missing.add(`${competitor.name}: ${(error as Error).message}`);
    return [];
  }
}

async function stop(session: Session, { server }: Running): Promise<void> {
  session.used += server.used;
  await server.close();
}

/** GB/s on arrays of a million float32, which lie in the last cache: the best of three patterns. */
async function bandwidthOf(session: Session, threads: number): Promise<number | undefined> {
  const [running] = await start(session, bandwidth, threads);
  if (running === undefined) return undefined;
  const rates: number[] = [];
  for (const [pattern, bytes] of Object.entries({ read: 4e6, copy: 8e6, add: 12e6 })) {
    const { minimum } = await running.server.ask(`${pattern} 1000000`, session.seconds);
    if (minimum !== undefined) rates.push(bytes / (minimum * 1e6));
  }
  await stop(session, running);
  return Math.max(...rates);
}

/** All rounds of a case: every competitor in turn. One that fails is asked no more; one that ended begins anew. */
async function measureCase(
  session: Session,
  { competitors }: Group,
  item: Case,
  threads: number,
  running: Running[],
  title: string,
): Promise<{ figures: Record<string, Figure>; peaks: number[] }> {
  const answers = new Map<Competitor, Answer[]>();
  const peaks: number[] = [];
  for (const part of running) {
    const { competitor } = part;
    if (!part.server.alive) part.server = (await start(session, competitor, threads))[0]?.server ?? part.server;
    answers.set(competitor, []);
  }
  for (let round = 1; round <= session.rounds; round++) {
    for (const { competitor, server } of running) {
      const given = answers.get(competitor);
      const words = competitor.ask === undefined ? item.ask : competitor.ask(item);
      if (given === undefined || words === undefined) continue;
      session.progress(title, `round ${round} of ${session.rounds}: ${competitor.name}`);
      const answer = await server.ask(words, session.seconds);
      if (answer.error === undefined) given.push(answer);
      else {
        answers.delete(competitor);
        session.missing.add(`${competitor.name} at '${item.name}': ${answer.error}`);
      }
      if (competitor === competitors[0] && item.flop !== undefined) {
        const { peak } = await server.ask('peak', session.seconds);
        if (peak) peaks.push(peak);
      }
      // An OpenMP team spins for some milliseconds after its work.
      await setTimeout(10);
    }
  }
  const figures: Record<string, Figure> = {};
  for (const [competitor, given] of answers) {
    if (given.length === 0) continue;
    figures[competitor.name] = figure(given as Required<Answer>[], competitor.factor?.(item, threads) ?? 1);
  }
  return { figures, peaks };
}

export async function measureGroup(session: Session, group: Group, threads: number): Promise<Row[]> {
  const { name, cases, competitors } = group;
  session.progress(name, 'competitors start');
  const needsBandwidth = cases.some(({ bytes }) => bytes !== undefined);
  const ceiling = needsBandwidth ? await bandwidthOf(session, threads) : undefined;
  const running: Running[] = [];
  for (const competitor of competitors) running.push(...(await start(session, competitor, threads)));
  const rows: Row[] = [];
  for (const [index, item] of cases.entries()) {
    const team = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    const title = `${name}, ${team}, ${index + 1} of ${cases.length}: ${item.name}`;
    const { figures, peaks } = await measureCase(session, group, item, threads, running, title);
    const ceilings = { peaks, ...(ceiling !== undefined && { bandwidth: ceiling }) };
    rows.push(makeRow(group, item, threads, figures, ceilings));
  }
  for (const part of running) await stop(session, part);
  return rows;
}
