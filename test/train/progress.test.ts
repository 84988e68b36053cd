import { expect, it } from 'vitest';
import {
  formatBar,
  formatDuration,
  formatEpoch,
  formatMetrics,
  formatProgress,
  ProgressBar,
} from '../../lib/train/progress.js';

const at = (done: number, seconds: number, epoch = 2) => ({
  epoch,
  seconds,
  epochs: 5,
  done,
  total: 1000,
  shares: ['accuracy'],
  metrics: { loss: 0.0831, accuracy: 0.9742 },
});
const fake = (isTTY: boolean) => {
  const written: string[] = [];
  const time = { now: 0 };
  const stream = { isTTY, columns: 90, write: (text: string) => written.push(text) };
  return { written, time, bar: new ProgressBar({ stream, unit: 'images', clock: () => time.now }) };
};

it('formats a line that fits the terminal', () => {
  expect(formatProgress(at(610, 0.05), 'images', 90)).toBe(
    'epoch 2/5 ━━━━━━━━━────── 61 %, loss 0.0831, accuracy 97.42 %, 12,200 images/s, 0:00 left',
  );
  expect(formatProgress(at(0, 0), 'images', 40)).toBe('epoch 2/5 0 %, loss 0.0831, accuracy 97');
  for (let columns = 0; columns < 120; columns++) {
    expect(formatProgress(at(500, 3), 'images', columns).length).toBeLessThanOrEqual(Math.max(0, columns - 1));
  }
});

it('formats bars, times and metrics', () => {
  expect([0, 0.1, 0.5, 1].map((part) => formatBar(part, 5))).toEqual(['─────', '╸────', '━━╸──', '━━━━━']);
  expect([0, 7.4, 59.6, 750, 3723, Infinity].map(formatDuration)).toEqual([
    '0:00',
    '0:07',
    '1:00',
    '12:30',
    '1:02:03',
    '–:––',
  ]);
  expect(formatMetrics({ loss: NaN, perplexity: 12345.6, error: 1.25, step: 1e-5, f1: 1 }, ['f1'])).toEqual([
    'loss NaN',
    'perplexity 12346',
    'error 1.2500',
    'step 1.00e-5',
    'f1 100.00 %',
  ]);
});

it('formats a finished epoch, without the speed where the terminal is narrow', () => {
  const epoch = { ...at(60000, 5), validation: { loss: 0.0793, accuracy: 0.97514 } };
  const scores = 'epoch 2/5: loss 0.0831, accuracy 97.42 %; validation 0.0793, 97.51 %';
  expect(formatEpoch(epoch, 'images', Infinity)).toBe(`${scores}; 12,000 images/s, 0:05`);
  expect(formatEpoch(epoch, 'images', 80)).toBe(`${scores}; 0:05`);
});

it('redraws one line at most ten times a second, and gives the cursor back', () => {
  const { written, time, bar } = fake(true);
  bar.update(at(0, 0));
  time.now = 99;
  bar.update(at(100, 0.099));
  time.now = 100;
  bar.update(at(200, 0.1));
  bar.endEpoch(at(1000, 0.1));
  bar.end();
  bar.end();
  expect(written).toEqual([
    '\x1b[?25l\r\x1b[2Kepoch 2/5 ────────────────────────────── 0 %, loss 0.0831, accuracy 97.42 %',
    '\r\x1b[2Kepoch 2/5 ━━━───────────── 20 %, loss 0.0831, accuracy 97.42 %, 2,000 images/s, 0:00 left',
    '\r\x1b[2Kepoch 2/5: loss 0.0831, accuracy 97.42 %; 10,000 images/s, 0:00\n',
    '\r\x1b[2K\x1b[?25h',
  ]);
});

it('writes one plain line an epoch where there is no terminal', () => {
  const { written, bar } = fake(false);
  bar.update(at(0, 0, 1));
  bar.endEpoch(at(1000, 2, 1));
  bar.update(at(0, 0, 2));
  bar.endEpoch(at(1000, 1, 2));
  bar.end();
  expect(written).toEqual([
    'epoch 1/5: loss 0.0831, accuracy 97.42 %; 500 images/s, 0:02\n',
    'epoch 2/5: loss 0.0831, accuracy 97.42 %; 1,000 images/s, 0:01\n',
  ]);
});
