import { ShapeError } from '../../core/errors.js';
import type { Pixels } from '../../io/png.js';
import type { Boxes } from '../../metrics/mean_average_precision.js';
import { checkRank } from '../../ops/check.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { figures, hidden, type Panel, palette } from '../figure.js';
import type { Mark, Range } from '../marks.js';
import { tints } from './tints.js';

export interface ImageChartOptions {
  /** Above all of it; default none. */
  title?: string;
  /** Above the images. */
  captions?: readonly string[];
  /** Images in a row; default as many as rows, or one more. */
  columns?: number;
  /** What is black and what is white. Default the least and the greatest value of each image. */
  range?: Range;
  /** Boxes of each image, in pixels, with the colours of their labels. */
  boxes?: readonly Boxes[];
  /** What labels of boxes are called; default their numbers. */
  names?: readonly string[];
  /** Classes of pixels, [n, height, width]: 0 is left as it is, others take their colours. */
  masks?: Tensor<any, any>;
  /** Pixels of the longer side of an image on the page; default 140. */
  size?: number;
}

/**
 * Images side by side, with boxes and masks over them.
 *
 *     await imageChart(images, { captions, boxes: found, range: [0, 1] });
 *
 * @param images  [n, height, width], or [n, channels, height, width] of 1 or 3 channels
 * @throws ShapeError  "imageChart: images must be [n, height, width] or [n, 1 or 3, height, width]; got [2, 5, 8, 8]"
 */
export async function imageChart(images: Tensor<any, any>, options: ImageChartOptions = {}): Promise<string> {
  const { title = 'Images', captions, columns, range, boxes, names, masks, size = 140 } = options;
  checkTensor('imageChart', images);
  const shape: readonly number[] = images.shape;
  const [n, channels, height, width] = shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : shape;
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3) || width * height === 0) {
    const got = `[${shape.join(', ')}]`;
    throw new ShapeError(`imageChart: images must be [n, height, width] or [n, 1 or 3, height, width]; got ${got}`);
  }
  if (masks !== undefined && masks.shape.join() !== [n, height, width].join()) {
    const got = `[${masks.shape.join(', ')}]`;
    throw new ShapeError(`imageChart: masks must be [${n}, ${height}, ${width}], as the images; got ${got}`);
  }
  const area = height * width;
  const values = Array.from(images.detach().data(), Number);
  const classes = masks && Array.from(masks.detach().data(), Number);
  const [across, down]: Range[] = [
    [0, width],
    [height, 0],
  ];
  const unit = size / Math.max(width, height);
  const panels = Array.from({ length: n }, (_, i): Panel => {
    const own = values.slice(i * channels * area, (i + 1) * channels * area);
    const marks: Mark[] = [{ kind: 'raster', x: across, y: down, pixels: greys(own, channels, width, height, range) }];
    if (classes !== undefined) {
      const mask = tints(classes.slice(i * area, (i + 1) * area), width, 0);
      marks.push({ kind: 'raster', x: across, y: down, pixels: mask });
    }
    boxes?.[i]?.boxes.forEach(([x1, y1, x2, y2], k) => {
      const label = boxes[i].labels[k];
      const colour = palette[label % palette.length];
      const text = names?.[label] ?? String(label);
      marks.push(
        {
          kind: 'line',
          colour,
          width: 2,
          points: [
            [x1, y1],
            [x2, y1],
            [x2, y2],
            [x1, y2],
            [x1, y1],
          ],
        },
        {
          kind: 'labels',
          halo: true,
          colour,
          align: 'left',
          offset: [3, 8],
          size: 10,
          labels: [{ at: [x1, y1], text }],
        },
      );
    });
    const caption = captions?.[i] ?? '';
    return {
      frame: {
        title: caption,
        x: { ...hidden, domain: [0, width] },
        y: { ...hidden, domain: [0, height], reversed: true },
        equal: true,
        width: 36 + Math.max(unit * width, caption.length * 7),
        height: (caption === '' ? 30 : 52) + unit * height,
      },
      marks,
    };
  });
  return figures(title, panels, columns === undefined ? {} : { columns });
}

/** The filters of a convolution, dark where they are low: a row for each output channel. @param weight  [out, in, height, width] */
export function filterChart(weight: Tensor<any, any>, options: ImageChartOptions = {}): Promise<string> {
  checkRank('filterChart', 'weight', weight, ['out', 'in', 'height', 'width']);
  const [out, into, height, width]: readonly number[] = weight.shape;
  const coloured = into === 3;
  const images = coloured ? weight : weight.reshape([out * into, 1, height, width]);
  const columns = coloured ? Math.ceil(Math.sqrt(out)) : into === 1 ? Math.ceil(Math.sqrt(out)) : into;
  return imageChart(images, { title: 'Filters', size: 64, columns, ...options });
}

/** What the channels of a layer say of one input. @param maps  [channels, height, width] */
export const featureMapChart = (maps: Tensor<any, any>, options: ImageChartOptions = {}): Promise<string> =>
  imageChart(maps, { title: 'Feature maps', size: 96, ...options });

/** Values as bytes, channels last. */
function greys(values: readonly number[], channels: 1 | 3, width: number, height: number, range?: Range): Pixels {
  const shown = values.filter(Number.isFinite);
  const [low, high] = range ?? [Math.min(...shown), Math.max(...shown)];
  const area = width * height;
  const data = Uint8Array.from({ length: channels * area }, (_, at) => {
    const value = values[(at % channels) * area + Math.floor(at / channels)];
    return Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low || 1))) || 0);
  });
  return { width, height, channels, data };
}
