import type { Pixels } from '../../io/png.js';
import { palette } from '../figure.js';

/** Classes as pixels in colours of the palette that what is below shines through; those of class `clear` are nothing. */
export function tints(classes: readonly number[], width: number, clear?: number): Pixels {
  const data = new Uint8Array(4 * classes.length);
  classes.forEach((label, at) => {
    if (label === clear) return;
    const colour = palette[label % palette.length];
    for (let k = 0; k < 3; k++) data[4 * at + k] = Number.parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16);
    data[4 * at + 3] = 110;
  });
  return { width, height: classes.length / width, channels: 4, data };
}
