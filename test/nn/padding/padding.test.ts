import { nn, ones, pad } from 'adjoint';
import { moduleSpec } from '../../module_spec.js';
import { layerInputs as inputs } from '../../windows.js';

moduleSpec('CircularPad1d', {
  make: () => new nn.CircularPad1d([[1, 2]]),
  inputs: inputs[1],
  equals: (_, x) => pad(x, [[1, 2]], 'circular'),
  text: 'CircularPad1d(padding=[[1, 2]])',
  errors: [
    {
      call: () => new nn.CircularPad1d(-1),
      says: 'CircularPad1d: padding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
    {
      call: () => new nn.CircularPad1d(1).forward(ones([2, 3]) as never),
      says: 'CircularPad1d: x must have the axes [batch, channels, length]; got [2, 3]; a single sequence [C, L] needs reshape([1, C, L])',
    },
  ],
});

moduleSpec('CircularPad2d', {
  make: () =>
    new nn.CircularPad2d([
      [1, 0],
      [2, 1],
    ]),
  inputs: inputs[2],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      'circular',
    ),
  text: 'CircularPad2d(padding=[[1, 0], [2, 1]])',
  errors: [
    {
      call: () => new nn.CircularPad2d(-1),
      says: 'CircularPad2d: padding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
    {
      call: () => new nn.CircularPad2d(1).forward(ones([2, 3]) as never),
      says: 'CircularPad2d: x must have the axes [batch, channels, height, width]; got [2, 3]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

moduleSpec('CircularPad3d', {
  make: () =>
    new nn.CircularPad3d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
  inputs: inputs[3],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      'circular',
    ),
  text: 'CircularPad3d(padding=[[1, 0], [0, 1], [1, 1]])',
  errors: [
    {
      call: () => new nn.CircularPad3d(-1),
      says: 'CircularPad3d: padding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
    {
      call: () => new nn.CircularPad3d(1).forward(ones([2, 3]) as never),
      says: 'CircularPad3d: x must have the axes [batch, channels, depth, height, width]; got [2, 3]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
  ],
});

moduleSpec('ConstantPad1d', {
  make: () => new nn.ConstantPad1d([[1, 2]], 0.5),
  inputs: inputs[1],
  equals: (_, x) => pad(x, [[1, 2]], 0.5),
  text: 'ConstantPad1d(padding=[[1, 2]], value=0.5)',
  errors: [
    {
      call: () => new nn.ConstantPad1d(-1, 0.5),
      says: 'ConstantPad1d: padding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
    {
      call: () => new nn.ConstantPad1d(1, 0.5).forward(ones([2, 3]) as never),
      says: 'ConstantPad1d: x must have the axes [batch, channels, length]; got [2, 3]; a single sequence [C, L] needs reshape([1, C, L])',
    },
  ],
});

moduleSpec('ConstantPad2d', {
  make: () =>
    new nn.ConstantPad2d(
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  inputs: inputs[2],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  text: 'ConstantPad2d(padding=[[1, 0], [2, 1]], value=0.5)',
  errors: [
    {
      call: () => new nn.ConstantPad2d(-1, 0.5),
      says: 'ConstantPad2d: padding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
    {
      call: () => new nn.ConstantPad2d(1, 0.5).forward(ones([2, 3]) as never),
      says: 'ConstantPad2d: x must have the axes [batch, channels, height, width]; got [2, 3]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

moduleSpec('ConstantPad3d', {
  make: () =>
    new nn.ConstantPad3d(
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      0.5,
    ),
  inputs: inputs[3],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      0.5,
    ),
  text: 'ConstantPad3d(padding=[[1, 0], [0, 1], [1, 1]], value=0.5)',
  errors: [
    {
      call: () => new nn.ConstantPad3d(-1, 0.5),
      says: 'ConstantPad3d: padding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
    {
      call: () => new nn.ConstantPad3d(1, 0.5).forward(ones([2, 3]) as never),
      says: 'ConstantPad3d: x must have the axes [batch, channels, depth, height, width]; got [2, 3]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
  ],
});

moduleSpec('ReflectionPad1d', {
  make: () => new nn.ReflectionPad1d([[1, 2]]),
  inputs: inputs[1],
  equals: (_, x) => pad(x, [[1, 2]], 'reflect'),
  text: 'ReflectionPad1d(padding=[[1, 2]])',
  errors: [
    {
      call: () => new nn.ReflectionPad1d(-1),
      says: 'ReflectionPad1d: padding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
    {
      call: () => new nn.ReflectionPad1d(1).forward(ones([2, 3]) as never),
      says: 'ReflectionPad1d: x must have the axes [batch, channels, length]; got [2, 3]; a single sequence [C, L] needs reshape([1, C, L])',
    },
  ],
});

moduleSpec('ReflectionPad2d', {
  make: () =>
    new nn.ReflectionPad2d([
      [1, 0],
      [2, 1],
    ]),
  inputs: inputs[2],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      'reflect',
    ),
  text: 'ReflectionPad2d(padding=[[1, 0], [2, 1]])',
  errors: [
    {
      call: () => new nn.ReflectionPad2d(-1),
      says: 'ReflectionPad2d: padding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
    {
      call: () => new nn.ReflectionPad2d(1).forward(ones([2, 3]) as never),
      says: 'ReflectionPad2d: x must have the axes [batch, channels, height, width]; got [2, 3]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

moduleSpec('ReflectionPad3d', {
  make: () =>
    new nn.ReflectionPad3d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
  inputs: inputs[3],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      'reflect',
    ),
  text: 'ReflectionPad3d(padding=[[1, 0], [0, 1], [1, 1]])',
  errors: [
    {
      call: () => new nn.ReflectionPad3d(-1),
      says: 'ReflectionPad3d: padding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
    {
      call: () => new nn.ReflectionPad3d(1).forward(ones([2, 3]) as never),
      says: 'ReflectionPad3d: x must have the axes [batch, channels, depth, height, width]; got [2, 3]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
  ],
});

moduleSpec('ReplicationPad1d', {
  make: () => new nn.ReplicationPad1d([[1, 2]]),
  inputs: inputs[1],
  equals: (_, x) => pad(x, [[1, 2]], 'replicate'),
  text: 'ReplicationPad1d(padding=[[1, 2]])',
  errors: [
    {
      call: () => new nn.ReplicationPad1d(-1),
      says: 'ReplicationPad1d: padding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
    {
      call: () => new nn.ReplicationPad1d(1).forward(ones([2, 3]) as never),
      says: 'ReplicationPad1d: x must have the axes [batch, channels, length]; got [2, 3]; a single sequence [C, L] needs reshape([1, C, L])',
    },
  ],
});

moduleSpec('ReplicationPad2d', {
  make: () =>
    new nn.ReplicationPad2d([
      [1, 0],
      [2, 1],
    ]),
  inputs: inputs[2],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      'replicate',
    ),
  text: 'ReplicationPad2d(padding=[[1, 0], [2, 1]])',
  errors: [
    {
      call: () => new nn.ReplicationPad2d(-1),
      says: 'ReplicationPad2d: padding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
    {
      call: () => new nn.ReplicationPad2d(1).forward(ones([2, 3]) as never),
      says: 'ReplicationPad2d: x must have the axes [batch, channels, height, width]; got [2, 3]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

moduleSpec('ReplicationPad3d', {
  make: () =>
    new nn.ReplicationPad3d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
  inputs: inputs[3],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      'replicate',
    ),
  text: 'ReplicationPad3d(padding=[[1, 0], [0, 1], [1, 1]])',
  errors: [
    {
      call: () => new nn.ReplicationPad3d(-1),
      says: 'ReplicationPad3d: padding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
    {
      call: () => new nn.ReplicationPad3d(1).forward(ones([2, 3]) as never),
      says: 'ReplicationPad3d: x must have the axes [batch, channels, depth, height, width]; got [2, 3]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
  ],
});

moduleSpec('ZeroPad1d', {
  make: () => new nn.ZeroPad1d([[1, 2]]),
  inputs: inputs[1],
  equals: (_, x) => pad(x, [[1, 2]], 0),
  text: 'ZeroPad1d(padding=[[1, 2]])',
  errors: [
    {
      call: () => new nn.ZeroPad1d(-1),
      says: 'ZeroPad1d: padding must be a whole number ≥ 0 or one of them, [length]; got -1',
    },
    {
      call: () => new nn.ZeroPad1d(1).forward(ones([2, 3]) as never),
      says: 'ZeroPad1d: x must have the axes [batch, channels, length]; got [2, 3]; a single sequence [C, L] needs reshape([1, C, L])',
    },
  ],
});

moduleSpec('ZeroPad2d', {
  make: () =>
    new nn.ZeroPad2d([
      [1, 0],
      [2, 1],
    ]),
  inputs: inputs[2],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      0,
    ),
  text: 'ZeroPad2d(padding=[[1, 0], [2, 1]])',
  errors: [
    {
      call: () => new nn.ZeroPad2d(-1),
      says: 'ZeroPad2d: padding must be a whole number ≥ 0 or two of them, [height, width]; got -1',
    },
    {
      call: () => new nn.ZeroPad2d(1).forward(ones([2, 3]) as never),
      says: 'ZeroPad2d: x must have the axes [batch, channels, height, width]; got [2, 3]; a single image [C, H, W] needs reshape([1, C, H, W])',
    },
  ],
});

moduleSpec('ZeroPad3d', {
  make: () =>
    new nn.ZeroPad3d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]),
  inputs: inputs[3],
  equals: (_, x) =>
    pad(
      x,
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      0,
    ),
  text: 'ZeroPad3d(padding=[[1, 0], [0, 1], [1, 1]])',
  errors: [
    {
      call: () => new nn.ZeroPad3d(-1),
      says: 'ZeroPad3d: padding must be a whole number ≥ 0 or three of them, [depth, height, width]; got -1',
    },
    {
      call: () => new nn.ZeroPad3d(1).forward(ones([2, 3]) as never),
      says: 'ZeroPad3d: x must have the axes [batch, channels, depth, height, width]; got [2, 3]; a single volume [C, D, H, W] needs reshape([1, C, D, H, W])',
    },
  ],
});
