import { appendFileSync, writeFileSync } from 'node:fs';
import { checkPath } from '../../core/check.js';
import type { EpochRecord } from '../records.js';
import type { Callback } from './callback.js';

/**
 * Writes a table of the epochs as comma-separated values: epoch, each score of the training data and, as `validation_…`, of
 * the validation data, seconds. A resumed run's file is made anew from its history.
 */
export function csvLog(path: string): Callback {
  checkPath('csvLog', path);
  return {
    name: `csv_log ${path}`,
    begin(run) {
      const records = run.history as EpochRecord<string>[];
      writeFileSync(path, records.length === 0 ? '' : [header(records[0]), ...records.map(row)].join(''));
    },
    epoch(record, run) {
      appendFileSync(path, run.history.length === 1 ? header(record) + row(record) : row(record));
    },
  };
}

const columns = ({ epoch, train, validation, seconds }: EpochRecord<string>): [name: string, value: number][] => [
  ['epoch', epoch],
  ...Object.entries(train),
  ...Object.entries(validation ?? {}).map(([name, value]): [string, number] => [`validation_${name}`, value]),
  ['seconds', seconds],
];

const header = (record: EpochRecord<string>): string => line(columns(record).map(([name]) => name));
const row = (record: EpochRecord<string>): string => line(columns(record).map(([, value]) => String(value)));

/** @source RFC 4180 */
const line = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
