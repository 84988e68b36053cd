import { nn, ones, pad } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs } from '../../windows.js';

type Sides = [before: number, after: number][];

const ranks = {
  1: { sides: [[1, 2]], count: 'one', axes: 'length', one: 'sequence', letters: 'L' },
  2: {
    sides: [
      [1, 0],
      [2, 1],
    ],
    count: 'two',
    axes: 'height, width',
    one: 'image',
    letters: 'H, W',
  },
  3: {
    sides: [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    count: 'three',
    axes: 'depth, height, width',
    one: 'volume',
    letters: 'D, H, W',
  },
} as const;

/** The claims of a layer that pads, which `make` gives for any padding; `fill` is the op's. */
function paddingSpec(
  name: string,
  rank: keyof typeof ranks,
  make: (padding: any) => nn.Module,
  fill: Parameters<typeof pad>[2] = 0,
): void {
  const { count, axes, one, letters } = ranks[rank];
  const sides = ranks[rank].sides.map(([before, after]): Sides[number] => [before, after]);
  const value = typeof fill === 'number' && fill !== 0 ? `, value=${fill}` : '';
  moduleSpec(name, {
    make: () => make(sides),
    inputs: layerInputs[rank],
    equals: (_, x) => pad(x, sides, fill),
    text: `${name}(padding=[${sides.map(([before, after]) => `[${before}, ${after}]`).join(', ')}]${value})`,
    errors: [
      {
        call: () => make(-1),
        says: `${name}: padding must be a whole number ≥ 0 or ${count} of them, [${axes}]; got -1`,
      },
      {
        call: () => make(1).forward(ones([2, 3])),
        says: `${name}: x must have the axes [batch, channels, ${axes}]; got [2, 3]; a single ${one} [C, ${letters}] needs reshape([1, C, ${letters}])`,
      },
    ],
  });
}

paddingSpec('ZeroPad1d', 1, (padding) => new nn.ZeroPad1d(padding));
paddingSpec('ZeroPad2d', 2, (padding) => new nn.ZeroPad2d(padding));
paddingSpec('ZeroPad3d', 3, (padding) => new nn.ZeroPad3d(padding));
paddingSpec('ConstantPad1d', 1, (padding) => new nn.ConstantPad1d(padding, 0.5), 0.5);
paddingSpec('ConstantPad2d', 2, (padding) => new nn.ConstantPad2d(padding, 0.5), 0.5);
paddingSpec('ConstantPad3d', 3, (padding) => new nn.ConstantPad3d(padding, 0.5), 0.5);
paddingSpec('ReflectionPad1d', 1, (padding) => new nn.ReflectionPad1d(padding), 'reflect');
paddingSpec('ReflectionPad2d', 2, (padding) => new nn.ReflectionPad2d(padding), 'reflect');
paddingSpec('ReflectionPad3d', 3, (padding) => new nn.ReflectionPad3d(padding), 'reflect');
paddingSpec('ReplicationPad1d', 1, (padding) => new nn.ReplicationPad1d(padding), 'replicate');
paddingSpec('ReplicationPad2d', 2, (padding) => new nn.ReplicationPad2d(padding), 'replicate');
paddingSpec('ReplicationPad3d', 3, (padding) => new nn.ReplicationPad3d(padding), 'replicate');
paddingSpec('CircularPad1d', 1, (padding) => new nn.CircularPad1d(padding), 'circular');
paddingSpec('CircularPad2d', 2, (padding) => new nn.CircularPad2d(padding), 'circular');
paddingSpec('CircularPad3d', 3, (padding) => new nn.CircularPad3d(padding), 'circular');
