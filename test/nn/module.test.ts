import { Generator, nn, ones, relu, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';

class Net extends nn.Module {
  inputNorm = new nn.BatchNorm1d(3);
  blocks = [new nn.Linear(3, 4), new nn.Linear(4, 4)];
  scale = nn.parameter(ones([4]));
  offset = nn.buffer(zeros([4]));
  constant = ones([4]);
  out = new nn.Linear(4, 2, { bias: false });

  forward(x: Tensor<any>): Tensor {
    let y: Tensor = this.inputNorm.forward(x);
    for (const block of this.blocks) y = relu(block.forward(y));
    return this.out.forward(y.mul(this.scale).add(this.offset));
  }
}

describe('names', () => {
  it('are those of PyTorch, in the order of the fields', () => {
    const net = new Net();
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      'input_norm.weight',
      'input_norm.bias',
      'blocks.0.weight',
      'blocks.0.bias',
      'blocks.1.weight',
      'blocks.1.bias',
      'scale',
      'out.weight',
    ]);
    expect(net.namedBuffers().map(([name]) => name)).toEqual([
      'input_norm.running_mean',
      'input_norm.running_var',
      'input_norm.num_batches_tracked',
      'offset',
    ]);
    expect(net.namedModules().map(([name]) => name)).toEqual(['', 'input_norm', 'blocks.0', 'blocks.1', 'out']);
    expect(net.children().length).toBe(4);
    expect(net.parameters().every((p) => p.requiresGrad)).toBe(true);
    expect(net.buffers().some((b) => b.requiresGrad)).toBe(false);
  });

  it('count a tied tensor and a shared module once', () => {
    class Tied extends nn.Module {
      encoder = new nn.Linear(2, 2);
      again = this.encoder;
      table = this.encoder.weight;
      forward(x: Tensor): Tensor {
        return this.encoder.forward(x);
      }
    }
    const tied = new Tied();
    expect([...tied.stateDict().keys()]).toEqual(['encoder.weight', 'encoder.bias']);
    expect(tied.modules().length).toBe(2);
    // A file from elsewhere may have the tensor under each of its names.
    const report = tied.loadStateDict(
      new Map<string, Tensor>([
        ['table', ones([2, 2])],
        ['again.bias', ones([2])],
        ['encoder.bias', ones([2])],
      ]),
    );
    expect(report).toEqual({ missing: [], unexpected: [] });
    expect(tied.table.toArray()).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('end at a module that contains itself', () => {
    class Loop extends nn.Module {
      self: nn.Module = this;
      weight = nn.parameter(ones([1]));
      forward(): void {}
    }
    expect(new Loop().namedParameters().map(([name]) => name)).toEqual(['weight']);
  });
});

describe('state dicts', () => {
  it('carry all values from one module to another, and share memory with their own', () => {
    const net = new Net();
    const other = new Net();
    const state = net.stateDict();
    expect(other.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
    expect(other.out.weight.data()).toEqual(net.out.weight.data());
    net.scale.assign(zeros([4]));
    expect(state.get('scale')?.toArray()).toEqual([0, 0, 0, 0]);
    expect(other.scale.toArray()).toEqual([1, 1, 1, 1]);
  });

  it('list what is missing, unexpected and of another shape, and load nothing', () => {
    const layer = new nn.Linear(2, 3);
    const before = layer.weight.data();
    expect(() =>
      layer.loadStateDict(
        new Map<string, Tensor>([
          ['weight', ones([3, 2])],
          ['extra', ones([1])],
        ]),
      ),
    ).toThrow(
      'loadStateDict: names and shapes must be those of Linear; missing: bias; unexpected: extra; build the model that they come from (loadStateDict passes over names with { strict: false })',
    );
    expect(layer.weight.data()).toEqual(before);
    expect(() =>
      layer.loadStateDict(
        new Map<string, Tensor>([
          ['weight', ones([3, 2])],
          ['bias', ones([2])],
        ]),
        { strict: false },
      ),
    ).toThrow(
      'loadStateDict: names and shapes must be those of Linear; of another shape: bias [2] for [3]; build the module with the sizes of the file',
    );
    expect(layer.weight.data()).toEqual(before);
  });

  it('report what does not fit where that is allowed, and convert dtypes', () => {
    const layer = new nn.Linear(2, 1);
    const weight = tensor([[3, 4]], { dtype: 'float64' });
    const report = layer.loadStateDict(
      new Map<string, Tensor>([
        ['weight', weight],
        ['head', ones([1])],
      ]),
      { strict: false },
    );
    expect(report).toEqual({ missing: ['bias'], unexpected: ['head'] });
    expect(layer.weight.dtype).toBe('float32');
    expect(layer.weight.toArray()).toEqual([[3, 4]]);
  });
});

describe('modes', () => {
  it('reach every module', () => {
    const net = new Net();
    expect(
      net
        .eval()
        .modules()
        .map((m) => m.training),
    ).toEqual([false, false, false, false, false]);
    expect(net.train().inputNorm.training).toBe(true);
  });

  it('freeze parameters, which remain parameters', () => {
    const net = new Net();
    net.freeze();
    expect(net.parameters().length).toBe(8);
    expect(net.forward(ones([2, 3])).node).toBeNull();
    net.unfreeze();
    expect(net.forward(ones([2, 3])).node).not.toBeNull();
  });

  it('forget gradients', () => {
    const net = new Net();
    net
      .forward(ones([2, 3]))
      .sum()
      .backward();
    expect(net.scale.grad).not.toBeNull();
    net.zeroGrad();
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });
});

describe('hooks', () => {
  it('see inputs and outputs until they are taken off, and cost nothing then', () => {
    const layer = new nn.Linear(2, 3);
    const seen: string[] = [];
    const offBefore = layer.beforeForward((module, [x]) => seen.push(`before ${module.constructor.name} ${x}`));
    const offAfter = layer.onForward((_, __, y) => seen.push(`after ${(y as Tensor).shape}`));
    expect(Object.keys(layer)).not.toContain('forward');
    layer.forward(zeros([1, 2]));
    expect(seen).toEqual([`before Linear ${zeros([1, 2])}`, 'after 1,3']);
    offBefore();
    offBefore();
    layer.forward(zeros([1, 2]));
    expect(seen.length).toBe(3);
    offAfter();
    layer.forward(zeros([1, 2]));
    expect(seen.length).toBe(3);
    expect(Object.hasOwn(layer, 'forward')).toBe(false);
  });

  it("keep an instance's own forward", () => {
    class Own extends nn.Module {
      forward = (x: number): number => 2 * x;
    }
    const own = new Own();
    const off = own.onForward(() => {});
    expect(own.forward(2)).toBe(4);
    off();
    expect(own.forward(2)).toBe(4);
    expect(own.namedModules().length).toBe(1);
  });
});

describe('text', () => {
  const net = new nn.Sequential(
    new nn.Conv2d(1, 4, 3, { padding: 1 }),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(16, 10),
  );

  it('shows layers and their hyper-parameters', () => {
    expect(`${net}`).toBe(
      [
        'Sequential(',
        '  (0): Conv2d(inChannels=1, outChannels=4, kernelSize=[3, 3], padding=1)',
        '  (1): BatchNorm2d(numFeatures=4, eps=0.00001, momentum=0.1)',
        '  (2): ReLU()',
        '  (3): MaxPool2d(kernelSize=2)',
        '  (4): Flatten(startAxis=1, endAxis=-1)',
        '  (5): Linear(inFeatures=16, outFeatures=10)',
        ')',
      ].join('\n'),
    );
  });

  it('counts connections: products with a weight, or with what is computed of weights alone', () => {
    const connections = (layer: nn.Module, ...inputs: number[][]): string | undefined =>
      /connections: (.*), /.exec(layer.summary(...inputs))?.[1];
    // Lecture notes 004, line 4024: (28 · 28 · 6) · (5 · 5 · 3)
    expect(connections(new nn.Conv2d(3, 6, 5), [1, 3, 32, 32])).toBe('352,800');
    expect(connections(new nn.WeightNorm(new nn.Linear(3, 4)), [2, 3])).toBe('24');
    expect(connections(new nn.ConvTranspose2d(2, 3, 2), [1, 2, 4, 4])).toBe('384');
    expect(connections(new nn.LSTM(3, 4), [5, 2, 3])).toBe(`${5 * 2 * 16 * 3 + 4 * 2 * 16 * 4}`);
    expect(connections(new nn.ReLU(), [5, 5])).toBe('0');
  });

  it('summarises a forward pass, and leaves modes, statistics and hooks as they were', () => {
    net.layers[0].freeze();
    net.layers[3].eval();
    expect(net.summary([2, 1, 4, 4])).toBe(
      [
        'layer            output        flops  parameters',
        '────────────────────────────────────────────────',
        '0 (Conv2d)       [2, 4, 4, 4]  2,432          40',
        '1 (BatchNorm2d)  [2, 4, 4, 4]    276           8',
        '2 (ReLU)         [2, 4, 4, 4]    128           0',
        '3 (MaxPool2d)    [2, 4, 2, 2]    128           0',
        '4 (Flatten)      [2, 16]           0           0',
        '5 (Linear)       [2, 10]         660         170',
        '────────────────────────────────────────────────',
        'parameters: 218, trainable: 178',
        'connections: 1,472, flops: 3,624',
        'memory: 908 B, results: 1.8 KB',
      ].join('\n'),
    );
    expect(net.modules().map((m) => m.training)).toEqual([true, true, true, true, false, true, true]);
    expect(net.layers[1].numBatchesTracked?.item()).toBe(0);
    expect(Object.hasOwn(net.layers[0], 'forward')).toBe(false);
    net.layers[0].unfreeze();
  });

  it('has a row for the weights of a layer that has children too: its column adds up', () => {
    const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 });
    const lines = layer.summary([3, 1, 8]).split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(/^self_attn \(MultiheadAttention\) {2}\[3, 1, 8\] +[\d,]+ +216$/),
    );
    const counts = lines.slice(2, -4).map((line) => Number(/(\d+)$/.exec(line)?.[1]));
    expect(lines.at(-3)).toBe(`parameters: ${counts.reduce((a, b) => a + b)}, trainable: 600`);
  });

  it('takes an example where zeros will not do', () => {
    const table = new nn.Embedding(5, 3, { generator: new Generator(1) });
    expect(table.summary(tensor([1, 2], { dtype: 'int32' }))).toContain('Embedding  [2, 3]      4          15');
  });
});
