import { ShapeError } from '../../core/errors.js';
import { checkTensor, type Tensor } from '../../tensor/tensor.js';
import { type Frame, figure, hidden } from '../figure.js';
import type { Mark, Point } from '../marks.js';

/** Of the palette's blue: the top is lightest. */
const shades = { top: '#8cc4e8', left: '#3d8fc4', right: '#00568a' };

type Place = readonly [i: number, j: number, k: number];

/** The first axis goes to the lower left, the second to the lower right, the third up; each by the same length. */
const seen = ([i, j, k]: Place): Point => [(j - i) * Math.cos(Math.PI / 6), k - (i + j) / 2];

/** The faces of a cube that look to the viewer: who would stand before each, and its corners. */
const faces: readonly { shade: keyof typeof shades; before: Place; corners: readonly Place[] }[] = [
  {
    shade: 'top',
    before: [0, 0, 1],
    corners: [
      [0, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
      [0, 1, 1],
    ],
  },
  {
    shade: 'left',
    before: [1, 0, 0],
    corners: [
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
      [1, 0, 1],
    ],
  },
  {
    shade: 'right',
    before: [0, 1, 0],
    corners: [
      [0, 1, 0],
      [1, 1, 0],
      [1, 1, 1],
      [0, 1, 1],
    ],
  },
];

/**
 * A body of cubes, seen from above and the front, so that all three axes are equally long: an entry that is not 0 is a cube.
 * The third axis goes up. Vega draws planes; the faces are projected here, the far ones first.
 *
 * @param voxels  [i, j, k]
 * @throws ShapeError  "voxelChart: voxels must be [i, j, k]; got [8, 8]"
 */
export async function voxelChart(voxels: Tensor<any, any>, frame: Partial<Frame> = {}): Promise<string> {
  checkTensor('voxelChart', voxels);
  const shape: readonly number[] = voxels.shape;
  if (shape.length !== 3) throw new ShapeError(`voxelChart: voxels must be [i, j, k]; got [${shape.join(', ')}]`);
  const values = voxels.detach().data();
  const [rows, columns, layers] = shape;
  const full = ([i, j, k]: Place): boolean =>
    i < rows && j < columns && k < layers && Number(values[(i * columns + j) * layers + k]) !== 0;
  const places = Array.from(values, (_, at): Place => {
    return [Math.floor(at / (columns * layers)), Math.floor(at / layers) % columns, at % layers];
  });
  // What is nearer has the greater sum.
  const order = places.filter(full).sort((a, b) => a[0] + a[1] + a[2] - (b[0] + b[1] + b[2]));
  const plus = (a: Place, b: Place): Place => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  const marks = order.flatMap((place) =>
    faces
      .filter(({ before }) => !full(plus(place, before)))
      .map(({ shade, corners }): Mark => {
        const points = corners.map((corner) => seen(plus(place, corner)));
        return { kind: 'line', points, fill: shades[shade], colour: '#fff', width: 0.4 };
      }),
  );
  return figure({ title: 'Voxels', x: hidden, y: hidden, equal: true, width: 560, height: 560, ...frame }, marks);
}
