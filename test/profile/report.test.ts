import { expect, it } from 'vitest';
import type { CallEvent } from '../../lib/profile/profiler.js';
import { type Measured, ProfileReport } from '../../lib/profile/report.js';

/* The report of figures that are given. */

const event = (kernel: string, start: number, end: number, more: Partial<CallEvent> = {}): CallEvent => ({
  kernel,
  caller: undefined,
  captured: false,
  start,
  end,
  shape: [2, 3],
  double: false,
  flops: 0,
  read: 0,
  written: 0,
  ...more,
});

const measured: Measured = {
  wall: 20,
  javascript: 6,
  waiting: 0,
  profiler: 0.5,
  events: [
    event('matmul', 1, 5, { caller: { op: 'linear', backward: false }, flops: 4e8, read: 3e6, written: 1e6 }),
    event('copy', 5, 5.5, { read: 1.5e4, written: 1.5e4 }),
    event('matmul', 6, 10, {
      caller: { op: 'linear', backward: true },
      flops: 4e8,
      read: 3e6,
      written: 1e6,
      double: true,
    }),
    event('matmul', 10, 15, {
      caller: { op: 'linear', backward: true },
      flops: 5e8,
      read: 3e6,
      written: 1e6,
      captured: true,
    }),
  ],
  marks: [
    { name: 'forward', start: 1, end: 5.5 },
    { name: 'step', start: 0.5, end: 15.5 },
    { name: 'forward', start: 16, end: 16.5 },
  ],
  peak: 200,
};

it('the table is aligned, sorted by time, and ends in the sum', () => {
  expect(new ProfileReport(measured).table()).toBe(`\
op               kernel  calls     ms    share  mean µs  GFLOP/s  of peak   GB/s  MB read  written
linear backward  matmul      2   9.00   45.0 %     4500      100   72.2 %  0.889     6.00     2.00
JavaScript                       6.00   30.0 %
linear           matmul      1   4.00   20.0 %     4000      100   50.0 %   1.00     3.00     1.00
copy             copy        1   0.50    2.5 %      500                    0.060    0.015    0.015
profiler                         0.50    2.5 %
total                        4  20.00  100.0 %
20.00 ms by the clock; peak 200 GFLOP/s of float32

mark     count     ms  mean ms
step         1  15.00   15.000
forward      2   5.00    2.500
`);
});

it('without a peak it has no shares of it', () => {
  const table = new ProfileReport({ ...measured, peak: undefined, marks: [] }).table();
  expect(table).toMatch(/^linear +matmul +1 +4\.00 +20\.0 % +4000 +100 +1\.00 +3\.00 +1\.00$/m);
  expect(table).toMatch(/\n20\.00 ms by the clock\n$/);
});

it('the trace has complete events in microseconds on three tracks', () => {
  const { traceEvents } = new ProfileReport(measured).chromeTrace();
  expect(traceEvents.slice(0, 3).map(({ ph, tid, args }) => [ph, tid, args?.['name']])).toEqual([
    ['M', 1, 'marks'],
    ['M', 2, 'kernels'],
    ['M', 3, 'kernels of captured steps'],
  ]);
  expect(traceEvents[4]).toEqual({ name: 'step', cat: 'mark', ph: 'X', pid: 1, tid: 1, ts: 500, dur: 15000, args: {} });
  expect(traceEvents[6]).toEqual({
    name: 'linear',
    cat: 'kernel',
    ph: 'X',
    pid: 1,
    tid: 2,
    ts: 1000,
    dur: 4000,
    args: { kernel: 'matmul', shape: '[2, 3]', flops: 4e8, read: 3e6, written: 1e6 },
  });
  expect(traceEvents[9]).toMatchObject({ name: 'linear backward', tid: 3, ts: 10000, dur: 5000 });
});
