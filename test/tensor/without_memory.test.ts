import { capture, concat, memoryUsage, nn, noGrad, ones, type Tensor, tensor, withoutMemory, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../harness.js';

describe.each(engines)('withoutMemory on $name', ({ use }) => {
  it('makes models that no machine could hold: lecture notes 003, line 1057', () => {
    use();
    const net = withoutMemory(
      () => new nn.Sequential(new nn.Linear(1e6, 1e4), new nn.Sigmoid(), new nn.Linear(1e4, 1)),
    );
    const count = net.parameters().reduce((sum, { size }) => sum + size, 0);
    expect(count).toBe(10_000_020_001);
    expect(net.summary([8, 1e6])).toContain(
      '\nparameters: 10,000,020,001, trainable: 10,000,020,001\nconnections: 80,000,080,000, flops: ',
    );
    expect(withoutMemory(() => net.forward(zeros([8, 1e6]))).shape).toEqual([8, 1]);
  });

  it('lecture notes 004, lines 3702 and 5119: counts VGG-16’s and CaffeNet’s parameters, and sizes of their results', () => {
    use();
    const counted = (make: () => nn.Module): number =>
      withoutMemory(make)
        .parameters()
        .reduce((sum, { size }) => sum + size, 0);
    const vgg = (): nn.Sequential => {
      const layers: nn.Module[] = [];
      let channels = 3;
      for (const width of [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]) {
        if (width === 0) layers.push(new nn.MaxPool2d(2));
        else layers.push(new nn.Conv2d(channels, width, 3, { padding: 1 }), new nn.ReLU());
        channels = width || channels;
      }
      const head = [new nn.Flatten(), new nn.Linear(25088, 4096), new nn.ReLU(), new nn.Linear(4096, 4096)];
      return new nn.Sequential(...layers, ...head, new nn.ReLU(), new nn.Linear(4096, 1000));
    };
    expect(counted(vgg)).toBe(138_357_544);
    const lines = withoutMemory(vgg).summary([1, 3, 224, 224]).split('\n');
    expect(lines.find((line) => line.startsWith('31 '))).toMatch(/^31 \(Flatten\) +\[1, 25088\] +0 +0$/);
    const caffeNet = () =>
      new nn.Sequential(
        new nn.Conv2d(3, 96, 11, { stride: 4 }),
        new nn.Conv2d(96, 256, 5, { padding: 2, groups: 2 }),
        new nn.Conv2d(256, 384, 3, { padding: 1 }),
        new nn.Conv2d(384, 384, 3, { padding: 1, groups: 2 }),
        new nn.Conv2d(384, 256, 3, { padding: 1, groups: 2 }),
        new nn.Linear(9216, 4096),
        new nn.Linear(4096, 4096),
        new nn.Linear(4096, 1000),
      );
    expect(counted(caffeNet)).toBe(60_965_224);
  });

  // Lecture notes 004, lines 9628–9630, which print 86, 307 and 632 million; L/16 has 304.
  it.each([
    ['B/16', 16, 768, 12, 12, 86_567_656],
    ['L/16', 16, 1024, 24, 16, 304_326_632],
    ['H/14', 14, 1280, 32, 16, 632_045_800],
  ])('counts the parameters of the vision Transformer %s of 1000 classes', (_, side, width, depth, heads, count) => {
    use();
    class VisionTransformer extends nn.Module {
      patches = new nn.Conv2d(3, width, side, { stride: side });
      token = nn.parameter(zeros([1, 1, width]));
      places = nn.parameter(zeros([1, Math.floor(224 / side) ** 2 + 1, width]));
      encoder = new nn.TransformerEncoder(
        () =>
          new nn.TransformerEncoderLayer(width, heads, {
            dimFeedforward: 4 * width,
            activation: 'gelu',
            normFirst: true,
            batchFirst: true,
          }),
        depth,
        new nn.LayerNorm(width),
      );
      head = new nn.Linear(width, 1000);

      forward(x: Tensor): Tensor {
        const patches: Tensor = this.patches.forward(x).flatten(2).transpose(1, 2);
        const token = this.token.expand([x.shape[0], 1, width]);
        const y = this.encoder.forward(concat([token, patches], 1).add(this.places) as Tensor);
        return this.head.forward(y.slice(null, 0));
      }
    }
    const net = withoutMemory(() => new VisionTransformer());
    expect(net.parameters().reduce((sum, { size }) => sum + size, 0)).toBe(count);
    expect(withoutMemory(() => net.forward(zeros([2, 3, 224, 224]))).shape).toEqual([2, 1000]);
  });

  it('takes no memory, runs no kernel, and makes every kind of layer', () => {
    use();
    const before = memoryUsage().arrayBuffers;
    const made = withoutMemory(() => [
      new nn.TransformerEncoderLayer(8192, 8),
      new nn.LSTM(8192, 8192),
      new nn.BatchNorm2d(1e8),
      new nn.Embedding(1e8, 16, { paddingIdx: 0 }),
    ]);
    expect(made.length).toBe(4);
    expect(memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
    // Values that are given stay, and checks of values pass.
    const embedding = withoutMemory(() => {
      const table = new nn.Embedding(10, 3);
      return table.forward(tensor([11, 2], { dtype: 'int32' }));
    });
    expect(embedding.shape).toEqual([2, 3]);
    expect(withoutMemory(() => tensor([1, 2])).toArray()).toEqual([1, 2]);
    // And afterwards all is as before.
    expect(ones([2]).toArray()).toEqual([1, 1]);
  });

  it('refuses values, within and later, and operands that have none', () => {
    use();
    const x = withoutMemory(() => ones([2]));
    const says = (op: string): string =>
      `${op}: a tensor of shape [2] was made withoutMemory and has no values; make it again outside`;
    expect(() => x.data()).toThrow(says('data'));
    expect(() => withoutMemory(() => ones([2]).toArray())).toThrow(says('data'));
    expect(() => x.add(1)).toThrow(says('add'));
    const step = capture((y: typeof x) => noGrad(() => y.add(1)));
    step(ones([2]));
    expect(() => step(x)).toThrow('was made withoutMemory');
  });
});

statesErrors('withoutMemory', [
  {
    call: () => withoutMemory(async () => 1),
    says: 'withoutMemory: the callback must be synchronous; got a promise; call it around each synchronous part',
  },
  {
    call: () => withoutMemory(() => capture(() => ones([2]).add(1))()),
    says: 'withoutMemory: a captured step computes, and nothing is within; run the step as it is, or outside',
  },
]);
