import {
  autocast,
  capture,
  Generator,
  nn,
  noGrad,
  ones,
  optim,
  randn,
  seed,
  type Tensor,
  tensor,
  zeros,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { rounded } from '../../bfloat16.js';
import { engines, expectClose, statesErrors } from '../../harness.js';

const bits = (...tensors: Tensor[]) => tensors.map((x) => x.data());

describe('initial values of recurrent layers', () => {
  it('are uniform in ±1 / √hidden, and named as in PyTorch', () => {
    const layer = new nn.GRU(3, 100, { numLayers: 2, bidirectional: true });
    const suffixes = ['l0', 'l0_reverse', 'l1', 'l1_reverse'];
    expect([...layer.stateDict().keys()]).toEqual(
      suffixes.flatMap((end) => ['weight_ih_', 'weight_hh_', 'bias_ih_', 'bias_hh_'].map((kind) => kind + end)),
    );
    for (const values of layer.parameters()) {
      const largest = Math.max(...(values.abs().data() as Float32Array));
      expect(largest).toBeLessThanOrEqual(0.1 + 1e-6);
      expect(largest).toBeGreaterThan(0.095);
    }
    expect(layer.weightIhL0?.shape).toEqual([300, 3]);
    expect(layer.weightIhL1Reverse?.shape).toEqual([300, 200]);
    expect(layer.biasHhL1?.shape).toEqual([300]);
  });

  it('repeat with the same generator, and have no biases where none are wanted', () => {
    const [a, b] = [1, 2].map(() => new nn.LSTM(3, 2, { generator: new Generator(5) }));
    expect(bits(...a.parameters())).toEqual(bits(...b.parameters()));
    expect([...new nn.RNN(3, 2, { bias: false }).stateDict().keys()]).toEqual(['weight_ih_l0', 'weight_hh_l0']);
  });
});

it('a recurrent layer shows its sizes', () => {
  expect(String(new nn.RNN(3, 5, { nonlinearity: 'relu' }))).toBe(
    "RNN(inputSize=3, hiddenSize=5, numLayers=1, bias=true, batchFirst=false, dropout=0, bidirectional=false, nonlinearity='relu')",
  );
});

it('functionalCall replaces the parameters of a recurrent layer', () => {
  const layer = new nn.RNN(1, 1, { bias: false });
  const [output] = nn.functionalCall(
    layer,
    { weight_ih_l0: tensor([[2]]), weight_hh_l0: tensor([[0]]) },
    tensor([[[0.25]]]),
  );
  expect(output.item()).toBeCloseTo(Math.tanh(0.5), 6);
});

describe.each(engines)('recurrent layers on $name', ({ use }) => {
  it('take a single sequence as a batch of one', () => {
    use();
    seed(1);
    const layer = new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, batchFirst: true });
    const x = randn([5, 3]);
    const state: [Tensor, Tensor] = [randn([4, 4]), randn([4, 4])];
    const [output, [h, c]] = layer.forward(x, state);
    expect([output.shape, h.shape, c.shape]).toEqual([
      [5, 8],
      [4, 4],
      [4, 4],
    ]);
    const [batch, [hs, cs]] = layer.forward(x.unsqueeze(0), [state[0].unsqueeze(1), state[1].unsqueeze(1)]);
    expect(batch.shape).toEqual([1, 5, 8]);
    expect(bits(output, h, c)).toEqual(bits(batch, hs, cs));
  });

  it('go on from the state of the call before, whose history detach ends', () => {
    use();
    seed(2);
    const layer = new nn.LSTM(3, 4);
    const x = randn([6, 2, 3]);
    const [whole, [h, c]] = layer.forward(x);
    const [begin, [h1, c1]] = layer.forward(x.slice([0, 4]));
    const [end, last] = layer.forward(x.slice([4]), [h1.detach(), c1.detach()]);
    expect([...begin.data(), ...end.data()]).toEqual([...whole.data()]);
    expect(bits(...last)).toEqual(bits(h, c));
    const gradientOf = (loss: Tensor): Tensor => {
      layer.zeroGrad();
      loss.sum().backward();
      return layer.weightHhL0?.grad as Tensor;
    };
    const through = gradientOf(layer.forward(x.slice([4]), [h1, c1])[0]);
    const wanted = gradientOf(whole.slice([4]));
    expectClose(through, { shape: [16, 4], data: [...wanted.data()] });
    expect(Math.max(...gradientOf(end).sub(wanted).abs().data())).toBeGreaterThan(1e-3);
  });

  it('drop elements between layers only, in training only', () => {
    use();
    const make = (p: number): nn.GRU => new nn.GRU(3, 8, { numLayers: 2, dropout: p, generator: new Generator(7) });
    const x = randn([4, 2, 3], { generator: new Generator(8) });
    const [plain] = make(0).forward(x);
    const layer = make(0.5);
    const [dropped, h] = layer.forward(x);
    expect(dropped.data()).not.toEqual(plain.data());
    // The first layer is not touched: its state is the same. Nor is the output set to 0.
    expect(h.slice(0).data()).toEqual(make(0).forward(x)[1].slice(0).data());
    expect(dropped.data()).not.toContain(0);
    expect(layer.forward(x)[0].data()).not.toEqual(dropped.data());
    expect(layer.eval().forward(x)[0].data()).toEqual(plain.data());
    const [nothing] = new nn.RNN(3, 2, { numLayers: 2, dropout: 1, bias: false }).forward(x);
    expect(nothing.abs().data()).toEqual(new Float32Array(16));
  });

  it('train captured with the bits of eager steps', () => {
    use();
    const run = (wrap: (step: (x: Tensor) => Tensor) => (x: Tensor) => Tensor): ArrayLike<number>[] => {
      seed(3);
      const layer = new nn.LSTM(3, 6, { numLayers: 2, bidirectional: true, dropout: 0.3 });
      const adam = new optim.Adam(layer.parameters());
      const step = wrap((x) => {
        adam.zeroGrad();
        const [output, [h, c]] = layer.forward(x);
        const loss = output.square().mean().add(h.mul(c).mean());
        loss.backward();
        adam.step();
        return loss;
      });
      const x = randn([5, 4, 3]);
      const losses = [1, 2, 3].map(() => step(x));
      return [...losses, ...layer.parameters()].map((y) => y.data());
    };
    expect(run(capture)).toEqual(run((step) => step));
  });

  it('multiply in bfloat16 under autocast, and do everything else in float32', () => {
    use();
    seed(5);
    const layers = [new nn.RNN(7, 40), new nn.LSTM(7, 40), new nn.GRU(7, 40)];
    for (const layer of layers) {
      const operate = (x: Tensor, h0: Tensor, c0: Tensor): Tensor =>
        layer instanceof nn.LSTM ? layer.forward(x, [h0, c0])[0] : layer.forward(x, h0)[0];
      // One step, whose products are those of the rounded operands.
      const [x, random, c0] = [randn([1, 5, 7]), randn([1, 5, 40]), randn([1, 5, 40])];
      // A GRU passes its state on beside the products too.
      const h0 = layer instanceof nn.GRU ? rounded(random).to('float32') : random;
      const halved = autocast('bfloat16', () => operate(x, h0, c0));
      expect(halved.dtype).toBe('float32');
      expect(halved.data()).not.toEqual(operate(x, h0, c0).data());
      const weights = layer.namedParameters();
      const exact = nn.functionalCall(
        layer,
        Object.fromEntries(
          weights.map(([name, w]) => [name, name.startsWith('weight') ? rounded(w) : w.to('float64')]),
        ),
        rounded(x),
        (layer instanceof nn.LSTM ? [rounded(h0), c0.to('float64')] : rounded(h0)) as never,
      )[0];
      expectClose(halved, { shape: [1, 5, 40], data: [...exact.data()].map(Number) }, { slack: 2 });
      // Several steps and their gradients stay within bfloat16's rounding.
      const long = randn([6, 31, 7]);
      const gradients = (lower: boolean): Tensor[] => {
        layer.zeroGrad();
        const [output] = lower ? autocast('bfloat16', () => layer.forward(long)) : layer.forward(long);
        output.square().sum().backward();
        return [output.detach(), ...weights.map(([, w]) => w.grad as Tensor)];
      };
      const full = gradients(false);
      gradients(true).forEach((value, i) => {
        const error = value.sub(full[i]).norm().item() / full[i].norm().item();
        expect(error).toBeGreaterThan(1e-5);
        expect(error).toBeLessThan(1e-2);
      });
    }
  });

  it('give an empty batch for an empty batch', () => {
    use();
    const layer = new nn.GRU(3, 4, { bidirectional: true });
    const [output, h] = layer.forward(zeros([5, 0, 3]));
    expect([output.shape, h.shape]).toEqual([
      [5, 0, 8],
      [2, 0, 4],
    ]);
    output.sum().backward();
    expect(layer.weightHhL0?.grad?.data()).toEqual(new Float32Array(48));
  });

  it('do not depend on the other rows of a batch', () => {
    use();
    seed(4);
    for (const layer of [new nn.RNN(7, 70), new nn.LSTM(7, 70), new nn.GRU(7, 70)]) {
      const x = randn([3, 33, 7]);
      const [whole] = noGrad(() => layer.forward(x));
      const [part] = noGrad(() => layer.forward(x.slice(null, [5, 22])));
      expect(part.data()).toEqual(whole.slice(null, [5, 22]).contiguous().data());
    }
  });
});

const lstm = new nn.LSTM(4, 5, { numLayers: 2 });
const gru = new nn.GRU(4, 5, { batchFirst: true });
statesErrors(
  'recurrent layers',
  (
    [
      [() => new nn.LSTM(0, 5), 'LSTM: inputSize must be a whole number ≥ 1; got 0'],
      [() => new nn.GRU(4, 2.5), 'GRU: hiddenSize must be a whole number ≥ 1; got 2.5'],
      [() => new nn.RNN(4, 5, { numLayers: 0 }), 'RNN: numLayers must be a whole number ≥ 1; got 0'],
      [() => new nn.RNN(4, 5, { dropout: 2 }), 'RNN: dropout must be within 0 … 1; got 2'],
      [
        () => new nn.RNN(4, 5, { nonlinearity: 'gelu' as never }),
        "RNN: nonlinearity must be 'tanh', 'relu', a function or a layer; got 'gelu'",
      ],
      [
        () => lstm.forward(ones([6, 3, 5]) as never),
        'LSTM: x must have the axes [steps, batch, 4] or [steps, 4] and at least one step; got [6, 3, 5]',
      ],
      [
        () => gru.forward(ones([3, 0, 4])),
        'GRU: x must have the axes [batch, steps, 4] or [steps, 4] and at least one step; got [3, 0, 4]',
      ],
      [
        () => lstm.forward(ones([6, 3, 4]), [ones([2, 3, 5]), ones([1, 3, 5])]),
        'LSTM: c0 must be [2, 3, 5], [layers · directions, batch, hidden] for x [6, 3, 4]; got [1, 3, 5]',
      ],
      [
        () => gru.forward(ones([6, 4]), ones([1, 6, 5])),
        'GRU: h0 must be [1, 5], [layers · directions, hidden] for x [6, 4]; got [1, 6, 5]',
      ],
    ] as [() => unknown, string][]
  ).map(([call, says]) => ({ call, says })),
);
