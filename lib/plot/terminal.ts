import { checkArray } from '../core/check.js';
import { ShapeError } from '../core/errors.js';

/** Brightness as characters, dark to light, where colours are not wanted. */
const ramp = ' .:-=+*#%@';
/** A character is about twice as high as wide: two pixels share one, upper half in front, lower half behind. */
const upperHalf = '▀';
const gap = '  ';

/** A grey picture for a terminal: `width × height` pixels of 0 (black) … 255 (white), row by row. */
export interface Picture {
  readonly pixels: ArrayLike<number>;
  readonly caption?: string;
}

/** Draws a grey picture with characters, two rows of pixels a line; `colour` uses the terminal's 24 shades of grey. */
export function drawImage(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
  { colour = false }: { colour?: boolean } = {},
): string {
  return drawImages([{ pixels }], width, height, { colour });
}

/**
 * Draws pictures of one size side by side, with their captions above.
 *
 * @param options.columns  width of the terminal: pictures that do not fit go below; default: all in one row
 * @param options.trim     leave out the margin that is black in all pictures, at the sides, and of a row; default false
 */
export function drawImages(
  pictures: readonly Picture[],
  width: number,
  height: number,
  { colour = false, columns = Infinity, trim = false }: { colour?: boolean; columns?: number; trim?: boolean } = {},
): string {
  checkArray('drawImages', 'pictures', pictures);
  for (const { pixels } of pictures) {
    checkArray('drawImages', 'pixels', pixels);
    if (pixels.length !== width * height) {
      throw new ShapeError(
        `drawImages: ${width} × ${height} pictures have ${width * height} pixels; got ${pixels.length}`,
      );
    }
  }
  const frame = trim ? inked(pictures, width, height) : { left: 0, right: width, top: 0, bottom: height };
  const frameWidth = frame.right - frame.left;
  const cell = Math.max(frameWidth, ...pictures.map(({ caption = '' }) => caption.length));
  const perRow = Math.max(1, Math.floor((columns + gap.length) / (cell + gap.length)));
  const captioned = pictures.some(({ caption }) => caption !== undefined);
  const rows: string[] = [];
  for (let first = 0; first < pictures.length; first += perRow) {
    const row = pictures.slice(first, first + perRow);
    const { top, bottom } = trim ? inked(row, width, height) : frame;
    const drawn = row.map(({ pixels }) => draw(pixels, width, { ...frame, top, bottom }, colour));
    const lines = captioned ? [row.map(({ caption = '' }) => caption.padEnd(cell)).join(gap)] : [];
    const filling = ' '.repeat(cell - frameWidth) + gap;
    for (let i = 0; i < drawn[0].length; i++) lines.push(drawn.map((picture) => picture[i]).join(filling));
    rows.push(lines.map((line) => `${line.trimEnd()}\n`).join(''));
  }
  return rows.join('\n');
}

/** Where a picture is drawn: from `left` and `top` to before `right` and `bottom`. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The smallest frame outside which all pictures are black. */
function inked(pictures: readonly Picture[], width: number, height: number): Frame {
  const frame = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { pixels } of pictures) {
    for (let i = 0; i < pixels.length; i++) {
      if (!(pixels[i] > 0)) continue;
      frame.left = Math.min(frame.left, i % width);
      frame.right = Math.max(frame.right, (i % width) + 1);
      frame.top = Math.min(frame.top, Math.floor(i / width));
      frame.bottom = Math.max(frame.bottom, Math.floor(i / width) + 1);
    }
  }
  return frame.left < frame.right ? frame : { left: 0, right: width, top: 0, bottom: height };
}

/** A picture's lines, two rows of pixels each. */
function draw(pixels: ArrayLike<number>, width: number, frame: Frame, colour: boolean): string[] {
  const lines: string[] = [];
  for (let row = frame.top; row < frame.bottom; row += 2) {
    let line = '';
    for (let column = frame.left; column < frame.right; column++) {
      const upper = clamp(pixels[row * width + column]);
      const lower = row + 1 < frame.bottom ? clamp(pixels[(row + 1) * width + column]) : 0;
      line += colour ? `\x1b[38;5;${shade(upper)};48;5;${shade(lower)}m${upperHalf}` : character((upper + lower) / 2);
    }
    lines.push(colour ? `${line}\x1b[0m` : line);
  }
  return lines;
}

const clamp = (value: number): number => Math.min(255, Math.max(0, value)) || 0;
/** Colours 232 … 255 are greys; 16 is black. */
const shade = (value: number): number => (value < 5 ? 16 : 232 + Math.round((value / 255) * 23));
const character = (value: number): string => ramp[Math.round((value / 255) * (ramp.length - 1))];
