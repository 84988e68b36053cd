import { given } from '../core/check.js';
/** Where a training run stands, as the progress bar shows it. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  /** Examples of this epoch that are done, of how many. */
  readonly done: number;
  readonly total: number;
  /** Time spent on them. */
  readonly seconds: number;
  /** Which metrics are shares, shown as percentages. */
  readonly shares: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  /** The same metrics of the validation data, once they are known. */
  readonly validation?: Readonly<Record<string, number>>;
}

/** What the bar needs of a stream: `process.stderr`, or a test's own. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Where the bar is written; default the process's standard error. */
  readonly stream?: ProgressStream;
  /** What the speed counts; default 'examples'. */
  readonly unit?: string;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

/** Redrawing more often than this only costs time. */
const redrawEvery = 100;
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const clearLine = '\r\x1b[2K';

/**
 * Shows a training run: in a terminal one line that is redrawn, elsewhere (a log file) a plain line after each epoch.
 *
 *   epoch 2/5 ━━━━━━━╸───── 61 %, loss 0.0831, accuracy 97.42 %, 12,345 images/s, 0:07 left
 */
export class ProgressBar {
  readonly #stream: ProgressStream;
  readonly #unit: string;
  readonly #clock: () => number;
  #drawn = -Infinity;
  #hidden = false;

  constructor(options: ProgressOptions = {}) {
    const { stream = process.stderr, unit = 'examples', clock = () => performance.now() } = given(options);
    this.#stream = stream;
    this.#unit = unit;
    this.#clock = clock;
  }

  /** Shows where the run stands. */
  update(progress: Progress): void {
    const now = this.#clock();
    if (this.#stream.isTTY !== true || now - this.#drawn < redrawEvery) return;
    this.#drawn = now;
    const line = formatProgress(progress, this.#unit, this.#columns);
    this.#stream.write(`${this.#hidden ? '' : hideCursor}${clearLine}${line}`);
    this.#hidden = true;
  }

  /** Leaves one plain line for a finished epoch. */
  endEpoch(progress: Progress): void {
    this.#stream.write(`${this.#hidden ? clearLine : ''}${formatEpoch(progress, this.#unit, this.#columns)}\n`);
  }

  /** A file has no margin. */
  get #columns(): number {
    return this.#stream.isTTY === true ? (this.#stream.columns ?? 80) : Infinity;
  }

  /** Clears the bar and gives the cursor back; call it in `finally`. */
  end(): void {
    if (!this.#hidden) return;
    this.#stream.write(`${clearLine}${showCursor}`);
    this.#hidden = false;
  }
}

/** The bar's line, at most `columns − 1` wide: the bar shrinks first, then the end is cut. */
export function formatProgress(progress: Progress, unit: string, columns: number): string {
  const { epoch, epochs, done, total, seconds, shares, metrics } = progress;
  const part = total > 0 ? Math.min(1, done / total) : 1;
  const head = `epoch ${epoch}/${epochs} `;
  const speed = seconds > 0 ? done / seconds : 0;
  const rest = speed > 0 ? [formatSpeed(speed, unit), `${formatDuration((total - done) / speed)} left`] : [];
  const tail = [`${Math.floor(part * 100)} %`, ...formatMetrics(metrics, shares), ...rest].join(', ');
  // The last column stays free: writing there makes some terminals wrap.
  const free = columns - 1 - head.length - tail.length - 1;
  const bar = free >= 5 ? `${formatBar(part, Math.min(free, 30))} ` : '';
  return `${head}${bar}${tail}`.slice(0, Math.max(0, columns - 1));
}

/**
 * The line that stays: `epoch 2/5: loss 0.0831, accuracy 97.42 %; validation 0.0793, 97.51 %; 12,345 images/s, 0:05`. Where it is
 * wider than `columns`, it goes without the speed.
 */
export function formatEpoch(progress: Progress, unit: string, columns: number): string {
  const { epoch, epochs, done, seconds, shares, metrics, validation } = progress;
  const scores = [
    formatMetrics(metrics, shares).join(', '),
    ...(validation === undefined ? [] : [`validation ${formatMetrics(validation, shares, false).join(', ')}`]),
  ];
  const line = (...end: string[]) => `epoch ${epoch}/${epochs}: ${[...scores, end.join(', ')].join('; ')}`;
  const full = line(...(seconds > 0 ? [formatSpeed(done / seconds, unit)] : []), formatDuration(seconds));
  return full.length <= columns ? full : line(formatDuration(seconds));
}

/** `━━━╸────` */
export function formatBar(part: number, width: number): string {
  const halves = Math.round(part * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2;
  return '━'.repeat(full) + '╸'.repeat(half) + '─'.repeat(width - full - half);
}

/** `0:07`, `12:30`, `1:02:03` */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–:––';
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A share as `accuracy 97.42 %`; others with four digits after the point, none if large, or a power of ten if tiny. */
export function formatMetrics(
  metrics: Readonly<Record<string, number>>,
  shares: readonly string[],
  named = true,
): string[] {
  return Object.entries(metrics).map(
    ([name, value]) => `${named ? `${name} ` : ''}${formatMetric(value, shares.includes(name))}`,
  );
}

function formatMetric(value: number, share: boolean): string {
  if (!Number.isFinite(value)) return String(value);
  if (share) return `${(value * 100).toFixed(2)} %`;
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  return size >= 0.001 || size === 0 ? value.toFixed(4) : value.toExponential(2);
}

const formatSpeed = (perSecond: number, unit: string): string =>
  `${perSecond.toLocaleString('en-GB', { maximumFractionDigits: perSecond < 10 ? 1 : 0 })} ${unit}/s`;
