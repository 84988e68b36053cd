import { checkObject } from '../core/check.js';
import { show } from '../core/shape.js';
import { columns } from './columns.js';
import type { CallEvent, Mark } from './profiler.js';

/** What a profile measured. Times are in milliseconds. */
export interface Measured {
  /** From the beginning to the end, by a clock of its own. */
  readonly wall: number;
  /** Outside of kernels: recording, differentiation, checks, the program itself. */
  readonly javascript: number;
  /** The event loop had nothing to do. */
  readonly waiting: number;
  /** What profiling itself took. */
  readonly profiler: number;
  readonly events: readonly CallEvent[];
  readonly marks: readonly Mark[];
  /** GFLOP/s of float32 multiply-adds that this machine reaches; undefined on the reference backend. */
  readonly peak: number | undefined;
}

/** All calls of one kernel for one op. */
export interface ProfileRow {
  /** The op, or the kernel where no op enters its result into the tape: an optimiser's step, a comparison. */
  readonly op: string;
  /** Whether the op was differentiated, or computed. */
  readonly backward: boolean;
  readonly kernel: string;
  readonly calls: number;
  /** Milliseconds of all calls together. */
  readonly time: number;
  /** Of the wall time; 0 … 1. */
  readonly share: number;
  /** Milliseconds of a call. */
  readonly mean: number;
  /** Floating-point operations of all calls, by the formula: lib/backend/costs.ts has the convention. */
  readonly flops: number;
  /** Bytes of operands and results, each element once a call. */
  readonly read: number;
  readonly written: number;
  readonly gflopsPerSecond: number;
  readonly gigabytesPerSecond: number;
  /** Of the machine's multiply-add peak in the row's dtype; 0 … 1; undefined on the reference backend. */
  readonly peakShare: number | undefined;
}

/** All that happened under one name. */
export interface MarkRow {
  readonly name: string;
  readonly count: number;
  /** Milliseconds together, nested marks included. */
  readonly time: number;
  readonly mean: number;
}

/** A profile as an object for JSON. */
export interface ProfileJson {
  readonly wall: number;
  readonly javascript: number;
  readonly waiting: number;
  readonly profiler: number;
  readonly peak: number | null;
  readonly rows: readonly ProfileRow[];
  readonly marks: readonly MarkRow[];
}

/** An event of the Trace Event Format: complete ones (X) in microseconds, and names of tracks (M). */
export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

/** Where the time went. */
export class ProfileReport {
  /** The longest time first. */
  readonly rows: readonly ProfileRow[];
  /** In the order in which the first of each began. */
  readonly marks: readonly MarkRow[];
  readonly #measured: Measured;

  constructor(measured: Measured) {
    checkObject('ProfileReport', 'what was measured', measured, ['events', 'marks']);
    this.#measured = measured;
    this.rows = rowsOf(measured);
    this.marks = marksOf(measured.marks);
  }

  /** Milliseconds from the beginning to the end. */
  get wall(): number {
    return this.#measured.wall;
  }

  /** Milliseconds outside of kernels: recording, differentiation, checks, the program itself. */
  get javascript(): number {
    return this.#measured.javascript;
  }

  /** Milliseconds in which the event loop had nothing to do; 0 for synchronous bodies. */
  get waiting(): number {
    return this.#measured.waiting;
  }

  /** Milliseconds that the profile itself took. */
  get profiler(): number {
    return this.#measured.profiler;
  }

  /** GFLOP/s of float32 multiply-adds that this machine reaches with the threads in use; undefined on the reference backend. */
  get peak(): number | undefined {
    return this.#measured.peak;
  }

  /** The rows as text for a terminal, with what is outside of kernels, the sum, and the marks. */
  table(): string {
    const { wall, javascript, waiting, profiler, peak } = this.#measured;
    const titles = [
      'op',
      'kernel',
      'calls',
      'ms',
      'share',
      'mean µs',
      'GFLOP/s',
      'of peak',
      'GB/s',
      'MB read',
      'written',
    ];
    const others = Object.entries({ JavaScript: javascript, waiting, profiler }).filter(([, time]) => time > 0);
    const lines = [
      ...this.rows.map((row) => ({ time: row.time, cells: cellsOf(row) })),
      ...others.map(([name, time]) => ({ time, cells: [name, '', '', fixed(time, 2), percent(time / wall)] })),
    ].sort((a, b) => b.time - a.time);
    const total = lines.reduce((sum, { time }) => sum + time, 0);
    const calls = this.rows.reduce((sum, row) => sum + row.calls, 0);
    const sum = ['total', '', String(calls), fixed(total, 2), percent(total / wall)];
    const text = columns([titles, ...lines.map(({ cells }) => cells), sum], 2);
    const measured = `${fixed(wall, 2)} ms by the clock${peak === undefined ? '' : `; peak ${significant(peak)} GFLOP/s of float32`}\n`;
    if (this.marks.length === 0) return text + measured;
    const marks = this.marks.map(({ name, count, time, mean }) => [
      name,
      String(count),
      fixed(time, 2),
      fixed(mean, 3),
    ]);
    return `${text}${measured}\n${columns([['mark', 'count', 'ms', 'mean ms'], ...marks], 1)}`;
  }

  /** What `JSON.stringify` writes. */
  toJSON(): ProfileJson {
    const { wall, javascript, waiting, profiler, peak } = this.#measured;
    return { wall, javascript, waiting, profiler, peak: peak ?? null, rows: this.rows, marks: this.marks };
  }

  /**
   * Every call and mark on a time line, for chrome://tracing and ui.perfetto.dev: write `JSON.stringify` of it to a file.
   *
   * @source Trace Event Format, Google 2016
   */
  chromeTrace(): ChromeTrace {
    const { events, marks } = this.#measured;
    const track = (tid: number, name: string): TraceEvent => ({
      name: 'thread_name',
      ph: 'M',
      pid,
      tid,
      args: { name },
    });
    return {
      displayTimeUnit: 'ms',
      traceEvents: [
        ...Object.values(tracks).map(({ tid, name }) => track(tid, name)),
        ...marks.map(({ name, start, end }) => span(name, 'mark', tracks.marks.tid, start, end)),
        ...events.map((event) => {
          const { kernel, shape, flops, read, written, start, end, captured } = event;
          const { tid } = captured ? tracks.captured : tracks.kernels;
          return span(nameOf(event), 'kernel', tid, start, end, { kernel, shape: show(shape), flops, read, written });
        }),
      ],
    };
  }
}

const pid = 1;
const tracks = {
  marks: { tid: 1, name: 'marks' },
  kernels: { tid: 2, name: 'kernels' },
  captured: { tid: 3, name: 'kernels of captured steps' },
};

/** Of milliseconds, to the nanosecond. */
const microseconds = (time: number): number => Math.round(time * 1e6) / 1e3;

const span = (name: string, cat: string, tid: number, start: number, end: number, args = {}): TraceEvent => ({
  name,
  cat,
  ph: 'X',
  pid,
  tid,
  ts: microseconds(start),
  dur: microseconds(end - start),
  args,
});

const nameOf = ({ kernel, caller }: CallEvent): string =>
  caller === undefined ? kernel : `${caller.op}${caller.backward ? ' backward' : ''}`;

function rowsOf({ events, wall, peak }: Measured): ProfileRow[] {
  const groups = new Map<string, CallEvent[]>();
  for (const event of events) {
    const key = `${nameOf(event)}: ${event.kernel}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  const sum = (group: readonly CallEvent[], value: (event: CallEvent) => number): number =>
    group.reduce((total, event) => total + value(event), 0);
  const rows = [...groups.values()].map((group): ProfileRow => {
    const [{ kernel, caller }] = group;
    const calls = group.length;
    const time = sum(group, ({ start, end }) => end - start);
    const flops = sum(group, (event) => event.flops);
    const read = sum(group, (event) => event.read);
    const written = sum(group, (event) => event.written);
    // Half as many float64 as float32 fit into a register.
    const atPeak = sum(group, (event) => event.flops * (event.double ? 2 : 1));
    return {
      op: caller?.op ?? kernel,
      backward: caller?.backward ?? false,
      kernel,
      calls,
      time,
      share: time / wall,
      mean: time / calls,
      flops,
      read,
      written,
      gflopsPerSecond: flops / (time * 1e6),
      gigabytesPerSecond: (read + written) / (time * 1e6),
      peakShare: peak === undefined ? undefined : atPeak / (time * 1e6) / peak,
    };
  });
  return rows.sort((a, b) => b.time - a.time);
}

function marksOf(marks: readonly Mark[]): MarkRow[] {
  const rows = new Map<string, { first: number; count: number; time: number }>();
  for (const { name, start, end } of marks) {
    const { first, count, time } = rows.get(name) ?? { first: start, count: 0, time: 0 };
    rows.set(name, { first: Math.min(first, start), count: count + 1, time: time + end - start });
  }
  return [...rows]
    .sort(([, a], [, b]) => a.first - b.first)
    .map(([name, { count, time }]) => ({ name, count, time, mean: time / count }));
}

const cellsOf = (row: ProfileRow): string[] => [
  row.backward ? `${row.op} backward` : row.op,
  row.kernel,
  String(row.calls),
  fixed(row.time, 2),
  percent(row.share),
  significant(row.mean * 1e3),
  row.flops === 0 ? '' : significant(row.gflopsPerSecond),
  row.flops === 0 || row.peakShare === undefined ? '' : percent(row.peakShare),
  significant(row.gigabytesPerSecond),
  significant(row.read / 1e6),
  significant(row.written / 1e6),
];

const fixed = (value: number, digits: number): string => value.toFixed(digits);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** Three digits that count: `0.012`, `1.23`, `123`, `12345`. */
const significant = (value: number): string =>
  value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 || value === 0 ? 2 : 3);
