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

/** Draws pictures of one size side by side, with their captions above. */
export function drawImages(
  pictures: readonly Picture[],
  width: number,
  height: number,
  { colour = false }: { colour?: boolean } = {},
): string {
  for (const { pixels } of pictures) {
    if (pixels.length !== width * height) {
      throw new ShapeError(
        `drawImages: ${width} × ${height} pictures have ${width * height} pixels; got ${pixels.length}`,
      );
    }
  }
  const lines: string[] = [];
  if (pictures.some(({ caption }) => caption !== undefined)) {
    const captions = pictures.map(({ caption = '' }) => caption.slice(0, width).padEnd(width));
    lines.push(captions.join(gap).trimEnd());
  }
  for (let row = 0; row < height; row += 2) {
    const parts = pictures.map(({ pixels }) => {
      let line = '';
      for (let column = 0; column < width; column++) {
        const upper = clamp(pixels[row * width + column]);
        const lower = row + 1 < height ? clamp(pixels[(row + 1) * width + column]) : 0;
        line += colour ? `\x1b[38;5;${shade(upper)};48;5;${shade(lower)}m${upperHalf}` : character((upper + lower) / 2);
      }
      return colour ? `${line}\x1b[0m` : line;
    });
    lines.push(colour ? parts.join(gap) : parts.join(gap).trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

const clamp = (value: number): number => Math.min(255, Math.max(0, value)) || 0;
/** Colours 232 … 255 are greys; 16 is black. */
const shade = (value: number): number => (value < 5 ? 16 : 232 + Math.round((value / 255) * 23));
const character = (value: number): string => ramp[Math.round((value / 255) * (ramp.length - 1))];
