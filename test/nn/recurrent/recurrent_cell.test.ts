import { capture, gru, lstm, nn, ones, optim, randn, rnn, seed, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

const operand = (...shape: number[]) => ({ shape });
const cellInputs = (states: number) =>
  [2, 1, 0].map((batch) => ({
    operands: [operand(batch, 2), ...Array.from({ length: states }, () => operand(batch, 3))],
  }));
const biases = ({ biasIh, biasHh }: { biasIh?: Tensor; biasHh?: Tensor }) => ({ biasIh, biasHh });

moduleSpec('RNNCell', {
  make: (options) => new nn.RNNCell(2, 3, options),
  inputs: [...cellInputs(1), [2, 2], [2]],
  equals: (cell, x, h0) => {
    const [single, step] = [x.rank === 1, x.reshape([1, -1, 2])];
    const [, h] = rnn(step, cell.weightIh, cell.weightHh, { ...biases(cell), h0 });
    return single ? h.squeeze(0) : h;
  },
  keepsNothing: false,
  text: "RNNCell(inputSize=2, hiddenSize=3, bias=true, nonlinearity='tanh')",
  errors: [
    { call: () => new nn.RNNCell(2, 0), says: 'RNNCell: hiddenSize must be a whole number ≥ 1; got 0' },
    {
      call: () => new nn.RNNCell(2, 3, { nonlinearity: 'gelu' as never }),
      says: "RNNCell: nonlinearity must be 'tanh', 'relu', a function or a layer; got 'gelu'",
    },
  ],
});

moduleSpec('GRUCell', {
  make: (options) => new nn.GRUCell(2, 3, { zWeights: 'candidate', resetAfter: false, ...options }),
  inputs: cellInputs(1),
  equals: (cell, x, h0) =>
    gru(x.unsqueeze(0), cell.weightIh, cell.weightHh, {
      ...biases(cell),
      h0,
      zWeights: 'candidate',
      resetAfter: false,
    })[1],
  keepsNothing: false,
  text: "GRUCell(inputSize=2, hiddenSize=3, bias=true, zWeights='candidate', resetAfter=false)",
  errors: [
    {
      call: () => new nn.GRUCell(2, 3, { zWeights: 'h' as never }),
      says: "GRUCell: zWeights must be 'state' or 'candidate'; got 'h'",
    },
    {
      call: () => new nn.GRUCell(4, 3).forward(ones([3, 5]) as never),
      says: 'GRUCell: x must have the axes [batch, 4] or [4]; got [3, 5]',
    },
  ],
});

moduleSpec('LSTMCell', {
  make: (options) => new nn.LSTMCell(2, 3, options),
  inputs: cellInputs(0),
  equals: (cell, x) => lstm(x.unsqueeze(0), cell.weightIh, cell.weightHh, biases(cell))[1],
  keepsNothing: false,
  text: 'LSTMCell(inputSize=2, hiddenSize=3, bias=true)',
  errors: [
    {
      call: () => new nn.LSTMCell(2, 3).forward(ones([4, 2]), [ones([4, 3]), ones([1, 3])]),
      says: 'LSTMCell: c0 must be [4, 3], [batch, hidden] for x [4, 2]; got [1, 3]',
    },
    {
      call: () => new nn.LSTMCell(2, 3).forward(ones([2]), [ones([1, 3]), ones([3])]),
      says: 'LSTMCell: h0 must be [3], [hidden] for x [2]; got [1, 3]',
    },
  ],
});

moduleSpec('Recurrent', {
  make: (options) => new nn.Recurrent(new nn.LSTMCell(2, 3, options), { batchFirst: true }),
  inputs: [
    [2, 3, 2],
    [1, 1, 2],
    [0, 2, 2],
  ],
  equals: ({ cell }, x) => {
    const [output, state] = lstm(x.transpose(0, 1), cell.weightIh, cell.weightHh, biases(cell));
    return [output.transpose(0, 1), state];
  },
  // The sums of inputs are of one step each.
  slack: 4,
  keepsNothing: false,
  text: [
    'Recurrent(',
    '  batchFirst=true, reverse=false',
    '  (cell): LSTMCell(inputSize=2, hiddenSize=3, bias=true)',
    ')',
  ].join('\n'),
  errors: [
    {
      call: () => new nn.Recurrent(new nn.RNNCell(3, 2)).forward(ones([0, 2, 3])),
      says: 'Recurrent: x must have the axes [steps, batch, ...] and at least one step; got [0, 2, 3]',
    },
    {
      call: () => new nn.Recurrent(new nn.RNNCell(3, 2), { batchFirst: true }).forward(ones([3])),
      says: 'Recurrent: x must have the axes [batch, steps, ...] and at least one step; got [3]',
    },
  ],
});

moduleSpec('JordanCell', {
  make: (options) => new nn.JordanCell(2, 3, 1, { outputNonlinearity: new nn.Sigmoid(), ...options }),
  inputs: [2, 1, 0].map((batch) => ({ operands: [operand(batch, 2), operand(batch, 1)] })),
  equals: ({ input, feedback, output }, x, y) =>
    output.forward(input.forward(x).add(feedback.forward(y)).tanh()).sigmoid(),
  keepsNothing: false,
  text: [
    'JordanCell(',
    '  (input): Linear(inFeatures=2, outFeatures=3)',
    '  (feedback): Linear(inFeatures=1, outFeatures=3, bias=null)',
    '  (output): Linear(inFeatures=3, outFeatures=1)',
    '  (nonlinearity): Tanh()',
    '  (output_nonlinearity): Sigmoid()',
    ')',
  ].join('\n'),
});

describe.each(engines)('cells on $name', ({ use }) => {
  it.each([
    ['RNN', () => [new nn.RNN(3, 4), new nn.RNNCell(3, 4)]],
    ['GRU', () => [new nn.GRU(3, 4), new nn.GRUCell(3, 4)]],
    ['LSTM', () => [new nn.LSTM(3, 4, { forgetBias: 1 }), new nn.LSTMCell(3, 4, { forgetBias: 1 })]],
  ] as [string, () => [any, any]][])('of %s step as the layer does, bit for bit, in both directions', (_, make) => {
    use();
    seed(1);
    const [layer, cell] = make();
    const parameters = [...layer.stateDict()].map(([name, value]) => [name.replace('_l0', ''), value] as const);
    cell.loadStateDict(new Map(parameters));
    const x = randn([5, 2, 3]);
    const flat = ([output, state]: [Tensor, Tensor | Tensor[]]): unknown[] =>
      [output, ...[state].flat()].map((y: Tensor) => y.reshape([-1]).data());
    expect(flat(new nn.Recurrent(cell).forward(x))).toEqual(flat(layer.forward(x)));
    const reversed = new nn.Recurrent(cell, { reverse: true });
    expect(flat(reversed.forward(x.flip(0)))[0]).toEqual(layer.forward(x)[0].flip(0).contiguous().reshape([-1]).data());
  });

  it('of your own run over time, with their own state', () => {
    use();
    /** Counts how much it has seen. */
    class Sum extends nn.Module {
      forward(x: Tensor, [, total]: readonly Tensor[] = []): [Tensor, Tensor] {
        const next = total === undefined ? x : total.add(x);
        return [next.mul(10), next];
      }
    }
    const [output, [, total]] = new nn.Recurrent(new Sum()).forward(ones([3, 2, 1]));
    expect([...output.data()]).toEqual([10, 10, 20, 20, 30, 30]);
    expect([...total.data()]).toEqual([3, 3]);
    const [more] = new nn.Recurrent(new Sum()).forward(ones([1, 2, 1]), [total, total]);
    expect([...more.data()]).toEqual([40, 40]);
  });

  it('of Jordan remember by their output alone', () => {
    use();
    seed(2);
    const cell = new nn.JordanCell(1, 8, 1);
    const [first, last] = new nn.Recurrent(cell).forward(randn([4, 3, 1]));
    expect(first.slice(3).data()).toEqual(last.data());
    const [next] = new nn.Recurrent(cell).forward(ones([1, 3, 1]), last);
    expect(next.slice(0).data()).toEqual(cell.forward(ones([3, 1]), last).data());
  });

  it('learn through truncated time: the state goes on from one captured step to the next, its history does not', () => {
    use();
    const run = (wrap: <F extends (...given: any[]) => any>(f: F) => F): unknown[] => {
      seed(3);
      const layer = new nn.GRU(1, 6);
      const head = new nn.Linear(6, 1);
      const adam = new optim.Adam([...layer.parameters(), ...head.parameters()], { lr: 0.02 });
      const step = wrap((x: Tensor, h: Tensor): Tensor[] => {
        adam.zeroGrad();
        const [output, next] = layer.forward(x, h);
        const loss = head
          .forward(output.slice([0, -1]))
          .sub(x.slice([1]))
          .square()
          .mean();
        loss.backward();
        adam.step();
        return [loss, next.detach()];
      });
      const wave = Array.from({ length: 4 }, (_, k) =>
        ones([9, 2, 1])
          .cumsum(0)
          .add(8 * k)
          .mul(0.7)
          .sin(),
      );
      let h: Tensor = ones([1, 2, 6]).mul(0);
      return Array.from({ length: 12 }, (_, i) => {
        const [loss, next] = step(wave[i % 4], h);
        h = next;
        return [...loss.reshape([1]).data(), ...h.data()];
      });
    };
    expect(run(capture as never)).toEqual(run((step) => step));
  });
});

describe('options of recurrent layers', () => {
  it('a forget bias is what the two biases of forget gates add up to', () => {
    for (const bias of [true, 'single'] as const) {
      const layer = new nn.LSTM(2, 3, { forgetBias: 1.5, bidirectional: true, bias });
      const biases = layer.namedParameters().filter(([name]) => name.startsWith('bias'));
      expect(biases.length).toBe(bias === 'single' ? 2 : 4);
      for (const [name, values] of biases) {
        const wanted = name.startsWith('bias_ih') ? 1.5 : 0;
        expect([...values.slice([3, 6]).data()]).toEqual([wanted, wanted, wanted]);
        expect(values.slice([0, 3]).data()).not.toContain(wanted);
      }
    }
  });

  it('orthogonal weights keep the length of a state, gate by gate', () => {
    const layer = new nn.LSTM(2, 5, { recurrentInit: 'orthogonal', numLayers: 2 });
    for (const weights of [layer.weightHhL0, layer.weightHhL1]) {
      for (let gate = 0; gate < 4; gate++) {
        const part = weights.slice([5 * gate, 5 * gate + 5]);
        const product = part.matmul(part.transpose()).data();
        for (let i = 0; i < 25; i++) expect(product[i]).toBeCloseTo(i % 6 === 0 ? 1 : 0, 5);
      }
    }
  });

  it('directions are merged by sum, product and average, and by standing side by side', () => {
    seed(1);
    const x = randn([4, 2, 3]);
    const outputs = Object.fromEntries(
      (['concat', 'sum', 'mul', 'ave'] as const).map((merge) => {
        seed(2);
        return [merge, new nn.GRU(3, 4, { bidirectional: true, merge }).forward(x)[0] as Tensor];
      }),
    );
    const [forward, backward] = outputs['concat'].split(4, 2);
    expect(outputs['sum'].data()).toEqual(forward.add(backward).data());
    expect(outputs['mul'].data()).toEqual(forward.mul(backward).data());
    expect(outputs['ave'].data()).toEqual(forward.add(backward).mul(0.5).data());
    const deep = new nn.LSTM(3, 4, { bidirectional: true, merge: 'sum', numLayers: 2, projSize: 2 });
    expect([deep.weightIhL1.shape, deep.forward(x)[0].shape]).toEqual([
      [16, 2],
      [4, 2, 2],
    ]);
  });

  it('a learned state starts at 0, is saved, serves every sequence, and has a gradient', () => {
    const layer = new nn.LSTM(3, 4, { learnState: true, bidirectional: true, projSize: 2 });
    expect([...layer.stateDict().keys()].filter((name) => name.length === 2)).toEqual(['h0', 'c0']);
    expect([layer.h0?.shape, layer.c0?.shape]).toEqual([
      [2, 1, 2],
      [2, 1, 4],
    ]);
    const x = randn([5, 3, 3]);
    const zero = layer.forward(x, [ones([2, 3, 2]).mul(0), ones([2, 3, 4]).mul(0)])[0];
    expect(layer.forward(x)[0].data()).toEqual(zero.data());
    layer.h0?.assign(randn([2, 1, 2]));
    const wanted = layer.forward(x, [layer.h0!.expand([2, 3, 2]), layer.c0!.expand([2, 3, 4])])[0];
    expect(layer.forward(x)[0].data()).toEqual(wanted.data());
    layer.forward(x)[0].square().sum().backward();
    const steepest = [layer.h0, layer.c0].map((state) => Math.max(...state!.grad!.abs().data()));
    for (const slope of steepest) expect(slope).toBeGreaterThan(1e-4);
  });

  it('count one bias a gate: lecture notes 004, lines 6269–6274, have 21,150 + 41,920 + 324 parameters', () => {
    const count = (module: nn.Module): number => module.parameters().reduce((sum, { size }) => sum + size, 0);
    // Words 423 → 50, LSTM 80, classes 4: 50 · 423, 4 (80 · 50 + 80 · 80 + 80), 80 · 4 + 4; a GRU has three quarters.
    const layers = [new nn.Embedding(423, 50), new nn.LSTM(50, 80, { bias: 'single' }), new nn.Linear(80, 4)];
    expect(layers.map(count)).toEqual([21_150, 41_920, 324]);
    expect(count(new nn.GRU(50, 80, { bias: 'single' }))).toBe(31_440);
    expect(count(new nn.LSTM(50, 80))).toBe(41_920 + 320);
  });
});

statesErrors(
  'options of recurrent layers',
  (
    [
      [
        () => new nn.LSTM(2, 3, { merge: 'max' as never }),
        "LSTM: merge must be 'concat', 'sum', 'mul' or 'ave'; got 'max'",
      ],
      [
        () => new nn.LSTM(2, 3, { merge: 'sum' }),
        "LSTM: merge joins two directions; got 'sum' for one; pass { bidirectional: true }, or leave merge out",
      ],
      [() => new nn.LSTM(2, 3, { projSize: 0 }), 'LSTM: projSize must be a whole number ≥ 1; got 0'],
      [() => new nn.LSTM(2, 3, { forgetBias: Number.NaN }), 'LSTM: forgetBias must be a finite number; got NaN'],
      [() => new nn.GRU(2, 3, { bias: 'two' as never }), "GRU: bias must be true, false or 'single'; got 'two'"],
      [
        () => new nn.GRU(2, 3, { recurrentInit: 'zeros' as never }),
        "GRU: recurrentInit must be 'uniform' or 'orthogonal'; got 'zeros'",
      ],
      [() => new nn.GRU(2, 3, { zWeights: 'z' as never }), "GRU: zWeights must be 'state' or 'candidate'; got 'z'"],
    ] as [() => unknown, string][]
  ).map(([call, says]) => ({ call, says })),
);
