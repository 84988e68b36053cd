import type { Case, Group } from './group.js';
import { median } from './measure.js';

/** Of a competitor's rounds at one case, in milliseconds. */
export interface Figure {
  /** Of the rounds' medians. */
  median: number;
  /** Of all samples. */
  minimum: number;
  /** From the fastest round to the slowest, as a share of the median. */
  spread: number;
  /** The way in which it was fastest. */
  variant?: string;
  /** By which its times are multiplied in `ratio`. */
  factor: number;
  /** The medians themselves. */
  rounds: readonly number[];
}

export interface Row {
  case: string;
  section: string;
  threads: number;
  /** By the competitors' names. */
  figures: Record<string, Figure>;
  /** The best competitor over ours, round by round, its factor counted: above 1 we are faster. */
  ratio?: number;
  best?: string;
  /** The same without factors. */
  plainRatio?: number;
  /** GFLOP/s, and the share of the float32 multiply-add peak that was measured behind the same round. */
  gflops?: number;
  peakShare?: number;
  /** GB/s that are read and written at the least, and the share of what the memory gives on arrays of a million. */
  gbytes?: number;
  bandwidthShare?: number;
}

export function figure(
  rounds: readonly { median: number; minimum: number; variant?: string }[],
  factor: number,
): Figure {
  const medians = rounds.map((round) => round.median);
  const middle = median(medians);
  const variant = rounds.at(-1)?.variant;
  return {
    median: middle,
    minimum: Math.min(...rounds.map(({ minimum }) => minimum)),
    spread: (Math.max(...medians) - Math.min(...medians)) / middle,
    ...(variant !== undefined && { variant }),
    factor,
    rounds: medians,
  };
}

/** Median of the quotients of rounds that followed each other: what slows the machine for seconds slows both. */
const over = (a: Figure, b: Figure): number =>
  median(a.rounds.slice(0, b.rounds.length).map((time, round) => time / b.rounds[round]));

/** @param ceilings  GFLOP/s beside each round, and GB/s, of these threads, where they were measured */
export function makeRow(
  { competitors }: Group,
  { name, section, flop, bytes }: Case,
  threads: number,
  figures: Record<string, Figure>,
  ceilings: { peaks: readonly number[]; bandwidth?: number },
): Row {
  const row: Row = { case: name, section, threads, figures };
  const ours = figures[competitors[0].name];
  if (ours === undefined) return row;
  const peers = competitors.slice(1).filter((peer) => !peer.own && figures[peer.name] !== undefined);
  const plain = (peer: { name: string }): number => over(figures[peer.name], ours);
  const ratio = (peer: { name: string }): number => plain(peer) * figures[peer.name].factor;
  if (peers.length > 0) {
    const best = peers.reduce((fastest, peer) => (ratio(peer) < ratio(fastest) ? peer : fastest));
    row.ratio = ratio(best);
    row.best = best.name;
    row.plainRatio = Math.min(...peers.map(plain));
  }
  if (flop !== undefined) {
    row.gflops = flop / (ours.median * 1e6);
    const shares = ceilings.peaks.map((peak, round) => flop / (ours.rounds[round] * 1e6 * peak));
    if (shares.length > 0) row.peakShare = median(shares);
  }
  if (bytes !== undefined) {
    row.gbytes = bytes / (ours.median * 1e6);
    if (ceilings.bandwidth) row.bandwidthShare = row.gbytes / ceilings.bandwidth;
  }
  return row;
}

/** What the rows of a section say together, for the best competitor and for each of our own other ways. */
export interface Summary {
  section: string;
  threads: number;
  over: string;
  geometricMean: number;
  worst: number;
  worstCase: string;
  cases: number;
}

export function summaries({ competitors }: Group, rows: readonly Row[]): Summary[] {
  const ours = competitors[0].name;
  const kinds: { over: string; ratio: (row: Row) => number | undefined; highIsWorse?: boolean }[] = [
    { over: `best ÷ ${ours}`, ratio: (row) => row.ratio },
    ...competitors
      .filter((competitor) => competitor.own)
      .map(({ name }) => ({
        over: `${name} ÷ ${ours}`,
        ratio: ({ figures }: Row) => (figures[name] && figures[ours] ? over(figures[name], figures[ours]) : undefined),
        highIsWorse: true,
      })),
  ];
  const sections = [...new Set(rows.map(({ section, threads }) => `${threads} ${section}`))];
  return sections.flatMap((key) => {
    const members = rows.filter(({ section, threads }) => `${threads} ${section}` === key);
    return kinds.flatMap(({ over, ratio, highIsWorse = false }) => {
      const known = members.flatMap((row) => {
        const value = ratio(row);
        return value === undefined ? [] : [{ name: row.case, value }];
      });
      if (known.length === 0) return [];
      const worst = known.reduce((a, b) => ((highIsWorse ? b.value > a.value : b.value < a.value) ? b : a));
      return {
        section: members[0].section,
        threads: members[0].threads,
        over,
        geometricMean: Math.exp(known.reduce((sum, { value }) => sum + Math.log(value), 0) / known.length),
        worst: worst.value,
        worstCase: worst.name,
        cases: known.length,
      };
    });
  });
}

const time = (ms: number): string => {
  if (ms < 1e-3) return `${(ms * 1e6).toFixed(0)} ns`;
  if (ms < 1) return `${(ms * 1e3).toPrecision(3)} µs`;
  return `${ms < 1000 ? ms.toPrecision(3) : ms.toFixed(0)} ms`;
};
const times = (ratio: number): string => `${ratio < 100 ? ratio.toPrecision(3) : ratio.toFixed(0)} ×`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const rate = (giga: number): string => giga.toFixed(giga < 10 ? 1 : 0);
/** Of what a row may lack. */
const maybe = (show: (value: number) => string, value: number | undefined): string | undefined =>
  value === undefined ? undefined : show(value);
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The rows as a Markdown table. A competitor's cell has its time and that over ours; of a family its fastest. */
export function markdown({ competitors }: Group, rows: readonly Row[]): string {
  const [ours, ...others] = competitors;
  const shown = others.filter(({ name }) => rows.some(({ figures }) => name in figures));
  const families = [...new Set(shown.map(({ family }) => family))];
  const cell = ({ figures }: Row, family: string): string => {
    const own = figures[ours.name];
    const best = shown
      .filter((competitor) => competitor.family === family && competitor.name in figures)
      .map(({ name }) => figures[name])
      .sort((a, b) => a.median - b.median)[0];
    return best === undefined ? '–' : `${time(best.median)}${own ? ` (${times(over(best, own))})` : ''}`;
  };
  type Column = [head: string, cell: (row: Row) => string | undefined];
  const figureOf = (show: (figure: Figure) => string) => (row: Row) => {
    const own = row.figures[ours.name];
    return own && show(own);
  };
  const columns: Column[] = [
    ['case', (row) => row.case],
    ['threads', (row) => String(row.threads)],
    [ours.name, figureOf((own) => time(own.median))],
    ['minimum', figureOf((own) => time(own.minimum))],
    ['spread', figureOf((own) => percent(own.spread))],
    ['GFLOP/s', (row) => maybe(rate, row.gflops)],
    ['of peak', (row) => maybe(percent, row.peakShare)],
    ['GB/s', (row) => maybe(rate, row.gbytes)],
    ['of bandwidth', (row) => maybe(percent, row.bandwidthShare)],
    ...families.map((family): Column => [family, (row) => cell(row, family)]),
    ['best ÷ ours', (row) => maybe(times, row.ratio)],
  ];
  // A column of its own only where some competitor is given what its newer version gained.
  if (rows.some(({ ratio, plainRatio }) => ratio !== plainRatio)) {
    columns.push(['without factors', (row) => maybe(times, row.plainRatio)]);
  }
  const used = columns.filter(([, cell]) => rows.some((row) => cell(row) !== undefined));
  return [
    line(used.map(([head]) => head)),
    line(used.map(() => '---')),
    ...rows.map((row) => line(used.map(([, cell]) => cell(row) ?? '–'))),
  ].join('\n');
}

export const sentence = ({ section, threads, over, geometricMean, worst, worstCase, cases }: Summary): string =>
  `${section}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${over}: geometric mean ${times(geometricMean)}, ` +
  `worst ${times(worst)} (${worstCase}), of ${cases}`;
