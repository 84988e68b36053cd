/** Rows as lines of aligned columns: the first `left` to the left, numbers to the right; short rows end early. */
export function columns(rows: readonly (readonly string[])[], left: number): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i < left ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
