/* What all pictures share: scales with their ticks, the frame with title and labels, the legend, text for SVG. */

export interface Axis {
  readonly label: string;
  /** Logarithmic, base 10; values ≤ 0 leave gaps. */
  readonly log?: boolean;
}

/** Colours that colour-blind readers can tell apart. Source: Okabe, Ito 2002, "Color Universal Design". */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** The part of a picture in which values are drawn, in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where values are drawn in a picture of this size. @param bar  room for a colour bar on the right */
export const areaOf = (width: number, height: number, bar = 0): Area => ({
  left: 68,
  right: width - 24 - bar,
  top: 44,
  bottom: height - 52,
});

/** Maps values to pixels. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Whether a value has a place on the axis. */
export const isShown = (value: number, { log = false }: Axis): boolean => Number.isFinite(value) && (!log || value > 0);

/** What stands around a drawing. */
export interface Frame {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  readonly area: Area;
  readonly horizontal: Scale;
  readonly vertical: Scale;
}

/** A standalone SVG document: frame, ticks with grid lines below the drawing, labels, and the drawing. */
export function svg(
  { title, x, y, width, height, area: { left, right, top, bottom }, horizontal, vertical }: Frame,
  drawing: readonly string[],
): string {
  const grid = [
    ...horizontal.ticks.map((tick) => {
      const at = round(horizontal.place(tick));
      return (
        `<line x1="${at}" y1="${top}" x2="${at}" y2="${bottom}"/>` +
        `<text x="${at}" y="${bottom + 18}" text-anchor="middle">${number(tick)}</text>`
      );
    }),
    ...vertical.ticks.map((tick) => {
      const at = round(vertical.place(tick));
      return (
        `<line x1="${left}" y1="${at}" x2="${right}" y2="${at}"/>` +
        `<text x="${left - 8}" y="${at + 4}" text-anchor="end">${number(tick)}</text>`
      );
    }),
  ];
  const middle = (left + right) / 2;
  const centre = (top + bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${middle}" y="26" text-anchor="middle" font-size="16">${escapeXml(title)}</text>`,
    `<g stroke="#e4e4e4" shape-rendering="crispEdges">${grid.join('').replaceAll('<text', '<text stroke="none"')}</g>`,
    `<path d="M${left},${top}V${bottom}H${right}" fill="none" stroke="#888" shape-rendering="crispEdges"/>`,
    ...drawing,
    `<text x="${middle}" y="${height - 14}" text-anchor="middle">${escapeXml(x.label)}</text>`,
    `<text transform="translate(18 ${centre}) rotate(-90)" text-anchor="middle">${escapeXml(y.label)}</text>`,
    '</svg>\n',
  ].join('\n');
}

/** The names of lines in their colours, one below the other at the top right of the area. */
export function legend(names: readonly string[], { right, top }: Area): string {
  const rows = names.map((name, i) => {
    const at = top + 16 + 18 * i;
    const colour = palette[i % palette.length];
    return (
      `<line x1="${right - 28}" y1="${at}" x2="${right - 8}" y2="${at}" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${right - 34}" y="${at + 4}" text-anchor="end">${escapeXml(name)}</text>`
    );
  });
  return `<g>${rows.join('')}</g>`;
}

/** A scale over the values, widened to whole ticks if `nice`; without values it spans 0 to 1, or 1 to 10. */
export function scale(values: readonly number[], log: boolean, from: number, to: number, nice: boolean): Scale {
  const measure = log ? Math.log10 : (value: number) => value;
  let low = 0;
  let high = 1;
  if (values.length > 0) {
    low = measure(values.reduce((a, b) => Math.min(a, b)));
    high = measure(values.reduce((a, b) => Math.max(a, b)));
  }
  if (low === high) {
    const half = low === 0 || log ? 0.5 : Math.abs(low) / 2;
    low -= half;
    high += half;
  }
  const step = log ? Math.max(1, Math.ceil((high - low) / 8)) : niceStep((high - low) / 5);
  if (nice) {
    low = Math.floor(low / step) * step;
    high = Math.ceil(high / step) * step;
  }
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) {
    // Adding 0 turns −0, which Math.ceil gives, into 0.
    ticks.push(log ? Number((10 ** (i * step)).toPrecision(12)) : Number((i * step).toPrecision(12)) + 0);
  }
  return { place: (value) => from + ((measure(value) - low) / (high - low)) * (to - from), ticks };
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** 0.25, 1,500, 2e-6: as short as it can be said. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential().replace('e+', 'e');
  return value.toLocaleString('en-GB', { maximumFractionDigits: 6 });
}

export const round = (value: number): number => Math.round(value * 100) / 100;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text for SVG; control characters, which XML forbids, become a replacement character. */
export const escapeXml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[&<>"]/g, (found) => entities[found]).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd');
