import { capture, nn, ones, randn, seed, type Tensor, tensor, zeros } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, expectClose, statesErrors } from '../../harness.js';

const lengths = [2, 5, 1, 5];
const total = lengths.reduce((a, b) => a + b);

type Layer = nn.RNN | nn.LSTM | nn.GRU;
const options = { numLayers: 2, bidirectional: true } as const;
const layers: { name: string; make: () => Layer }[] = [
  { name: 'RNN', make: () => new nn.RNN(3, 4, options) },
  { name: 'GRU', make: () => new nn.GRU(3, 4, options) },
  {
    name: 'GRU of lecture notes 004, lines 6301–6313',
    make: () => new nn.GRU(3, 4, { ...options, zWeights: 'candidate', resetAfter: false, bias: 'single' }),
  },
  { name: 'LSTM', make: () => new nn.LSTM(3, 4, options) },
  { name: 'LSTM with projections', make: () => new nn.LSTM(3, 4, { ...options, projSize: 2 }) },
  { name: 'LSTM with a learned state', make: () => new nn.LSTM(3, 4, { ...options, merge: 'sum', learnState: true }) },
];

/** The output and the states, in an array. */
const forward = (layer: any, x: Tensor | nn.PackedSequence, state?: Tensor[], lengths?: nn.Lengths): any[] => {
  const [output, left] = layer.forward(x, layer instanceof nn.LSTM ? state : state?.[0], { lengths });
  return [output, ...(Array.isArray(left) ? left : [left])];
};
const statesFor = (layer: Layer, batch: number): Tensor[] => {
  const h = randn([4, batch, layer.projSize ?? 4]);
  return layer instanceof nn.LSTM ? [h, randn([4, batch, 4])] : [h];
};
const bits = (tensors: readonly Tensor[]): unknown[] => tensors.map((x) => [x.shape, x.data()]);
/** Of sequence i alone: its own steps, and its states. */
const alone = ([output, ...states]: Tensor[], i: number, length: number): Tensor[] => [
  output.slice([0, length], [i, i + 1]).contiguous(),
  ...states.map((state) => state.slice(null, [i, i + 1]).contiguous()),
];

describe.each(engines)('sequences of different lengths on $name', ({ use }) => {
  describe.each(layers)('$name', ({ make }) => {
    it('runs each as if it were alone, whatever stands behind its end, with its own first and last state', () => {
      use();
      seed(1);
      const layer = make();
      const x = randn([6, 4, 3]);
      const state = statesFor(layer, 4);
      const noise = x.clone();
      const values = noise.data() as Float32Array;
      lengths.forEach((length, i) => {
        for (let t = length; t < 6; t++) values.fill(Number.NaN, 3 * (4 * t + i), 3 * (4 * t + i) + 3);
      });
      const results = forward(layer, noise, state, lengths);
      lengths.forEach((length, i) => {
        const own = x.slice([0, length], [i, i + 1]);
        const wanted = forward(
          layer,
          own,
          state.map((each) => each.slice(null, [i, i + 1])),
        );
        alone(results, i, length).forEach((y, k) => {
          expectClose(y, { shape: wanted[k].shape, data: [...wanted[k].data()] }, { slack: 4 });
        });
        expect([...results[0].slice([length], i).contiguous().data()].every((value) => value === 0)).toBe(true);
      });
    });

    it('has the gradients of each alone', () => {
      use();
      seed(2);
      const layer = make();
      const gradients = (loss: Tensor): Tensor[] => {
        layer.zeroGrad();
        loss.backward();
        return layer.parameters().map(({ grad }) => grad as Tensor);
      };
      const x = randn([5, 4, 3]);
      const together = gradients(
        forward(layer, x, undefined, lengths)
          .map((y): Tensor => y.square().sum())
          .reduce((a, b) => a.add(b)),
      );
      const apart = gradients(
        lengths
          .flatMap((length, i) => forward(layer, x.slice([0, length], [i, i + 1])))
          .map((y): Tensor => y.square().sum())
          .reduce((a, b) => a.add(b)),
      );
      together.forEach((gradient, i) => {
        expectClose(gradient, { shape: apart[i].shape, data: [...apart[i].data()] }, { slack: 50 });
      });
    });

    it('takes them packed, and gives the same bits', () => {
      use();
      seed(3);
      const layer = make();
      const x = randn([5, 4, 3]);
      const state = statesFor(layer, 4);
      const packed = nn.packPaddedSequence(x, lengths, { enforceSorted: false });
      const [output, ...left] = forward(layer, packed, state);
      expect(output.data.shape[0]).toBe(total);
      const [padded] = nn.padPackedSequence(output);
      expect(bits([padded, ...left])).toEqual(bits(forward(layer, x, state, lengths)));
    });

    it('is captured once for all lengths, gradients too', () => {
      use();
      seed(4);
      const layer = make();
      const step = (x: Tensor, lengths: Tensor<any, 'int32'>): Tensor[] => {
        layer.zeroGrad();
        const results = forward(layer, x, undefined, lengths);
        results
          .map((y): Tensor => y.square().sum())
          .reduce((a, b) => a.add(b))
          .backward();
        return [...results, ...layer.parameters().map(({ grad }) => grad?.clone() as Tensor)];
      };
      const captured = capture(step);
      for (const counts of [lengths, [5, 1, 4, 2], [1, 1, 1, 1]]) {
        const x = randn([5, 4, 3]);
        const given = tensor(counts, { dtype: 'int32' });
        expect(bits(captured(x, given))).toEqual(bits(step(x, given)));
      }
      expect(captured.plans.length).toBe(1);
      expect(() => captured(randn([5, 4, 3]), tensor([5, 0, 1, 1], { dtype: 'int32' }))).toThrow(
        'lengths must be within 1 … 5, the steps of x; got 0 at [1]; leave out what is empty',
      );
    });
  });

  it('go captured as what is packed, whose shapes decide', () => {
    use();
    seed(5);
    const layer = new nn.GRU(3, 4);
    const step = (packed: nn.PackedSequence): Tensor => nn.padPackedSequence(layer.forward(packed)[0])[0];
    const captured = capture(step);
    for (const counts of [
      [2, 5, 1, 5],
      [5, 1, 4, 3],
      [5, 5, 2, 1],
    ]) {
      const packed = nn.packPaddedSequence(randn([5, 4, 3]), counts, { enforceSorted: false });
      expect(captured({ ...packed }).data()).toEqual(step(packed).data());
    }
    expect(captured.plans.length).toBe(1);
  });

  it('lie in a batch with the batch first, and alone', () => {
    use();
    seed(6);
    const layer = new nn.LSTM(3, 4, { batchFirst: true });
    const x = randn([2, 5, 3]);
    const [output, [h, c]] = layer.forward(x, undefined, { lengths: [3, 5] });
    expect(output.shape).toEqual([2, 5, 4]);
    const [single, [h1, c1]] = layer.forward(x.slice(0), undefined, { lengths: [3] });
    expect(bits([output.slice(0), h.slice(null, 0), c.slice(null, 0)].map((y) => y.contiguous()))).toEqual(
      bits([single, h1, c1]),
    );
  });

  it('are packed, padded and unpacked as they were', () => {
    use();
    const sequences = [
      tensor([[1, 2]]),
      tensor([
        [3, 4],
        [5, 6],
        [7, 8],
      ]),
      tensor([
        [9, 10],
        [11, 12],
      ]),
    ];
    const packed = nn.packSequence(sequences, { enforceSorted: false });
    expect(packed.data.data()).toEqual(new Float32Array([3, 4, 9, 10, 1, 2, 5, 6, 11, 12, 7, 8]));
    expect([...packed.batchSizes.data()]).toEqual([3, 2, 1]);
    expect([...packed.sortedIndices.data()]).toEqual([1, 2, 0]);
    expect([...packed.unsortedIndices.data()]).toEqual([2, 0, 1]);
    for (const batchFirst of [false, true]) {
      const wanted = nn.padSequence(sequences, { batchFirst, paddingValue: -1 });
      expect(wanted.shape).toEqual([3, 3, 2]);
      const [padded, counts] = nn.padPackedSequence(packed, { batchFirst, paddingValue: -1 });
      expect(bits([padded.contiguous(), counts])).toEqual(
        bits([wanted.contiguous(), tensor([1, 3, 2], { dtype: 'int32' })]),
      );
      const again = nn.packPaddedSequence(wanted, [1, 3, 2], { batchFirst, enforceSorted: false });
      expect(again.data.data()).toEqual(packed.data.data());
    }
    // Word numbers, before they are embedded.
    const words = nn.packSequence([tensor([4, 5], { dtype: 'int32' }), tensor([6], { dtype: 'int32' })]);
    expect([words.data.dtype, [...words.data.data()]]).toEqual(['int32', [4, 6, 5]]);
    expect([...nn.padPackedSequence(words)[0].data()]).toEqual([4, 6, 5, 0]);
  });

  it('pass gradients through packing', () => {
    use();
    const x = randn([3, 2, 2]).requireGrad();
    const packed = nn.packPaddedSequence(x, [3, 1]);
    packed.data.mul(2).sum().backward();
    expect([...(x.grad as Tensor).data()]).toEqual([2, 2, 2, 2, 2, 2, 0, 0, 2, 2, 0, 0]);
  });
});

const gru = new nn.GRU(3, 4);
statesErrors(
  'sequences of different lengths',
  (
    [
      [
        () => gru.forward(ones([5, 3, 3]), undefined, { lengths: [2, 3, 0] }),
        'GRU: lengths must be within 1 … 5, the steps of x; got 0 at [2]; leave out what is empty',
      ],
      [
        () => gru.forward(ones([5, 3, 3]), undefined, { lengths: [2, 6, 1] }),
        'GRU: lengths must be within 1 … 5, the steps of x; got 6 at [1]; leave out what is empty',
      ],
      [
        () => gru.forward(ones([5, 3, 3]), undefined, { lengths: [2, 2.5, 1] }),
        'GRU: lengths[1] must be a whole number; got 2.5',
      ],
      [
        () => gru.forward(ones([5, 3, 3]), undefined, { lengths: [2, 3] }),
        'GRU: lengths must be [3], one for each sequence of x; got [2]',
      ],
      [
        () => gru.forward(ones([5, 3, 3]), undefined, { lengths: ones([3]) as never }),
        'GRU: lengths must be int32; got float32',
      ],
      [
        () => gru.forward(nn.packSequence([ones([2, 3])]), undefined, { lengths: [2] }),
        'GRU: packed sequences have their lengths; leave out the option',
      ],
      [
        () => gru.forward(nn.packSequence([ones([2, 4])])),
        'GRU: x must have the axes [steps, batch, 3] or [steps, 3] and at least one step; got [2, 1, 4]',
      ],
      [
        () => nn.packPaddedSequence(ones([5, 2]), [3, 0]),
        'packPaddedSequence: lengths must be whole numbers within 1 … 5; got 0 at 1; leave out what is empty',
      ],
      [
        () => nn.packPaddedSequence(ones([5, 2]), [3, 2.5]),
        'packPaddedSequence: lengths must be whole numbers within 1 … 5; got 2.5 at 1; leave out what is empty',
      ],
      [
        () => nn.packPaddedSequence(ones([5, 2]), [3, 4]),
        'packPaddedSequence: lengths must not increase; got 4 after 3 at 1; sort the sequences, or give { enforceSorted: false }',
      ],
      [
        () => nn.packPaddedSequence(ones([5, 2]), [3]),
        'packPaddedSequence: there must be one length for each sequence, and at least one of them; got 1 for x [5, 2]',
      ],
      [
        () => nn.packPaddedSequence(zeros([5, 0]), []),
        'packPaddedSequence: there must be one length for each sequence, and at least one of them; got 0 for x [5, 0]',
      ],
      [
        () => nn.packPaddedSequence(ones([5]), [3]),
        'packPaddedSequence: x must have the axes [steps, batch, ...]; got [5]',
      ],
      [
        () => nn.packSequence([ones([2, 3]), zeros([0, 3])]),
        'packSequence: lengths must be whole numbers within 1 … 2; got 0 at 1; leave out what is empty',
      ],
      [() => nn.padSequence([]), 'padSequence: there must be at least one sequence; got none'],
      [
        () => nn.padSequence([ones([3, 2]), ones([4, 5])]),
        'padSequence: sequences must differ in their first axis alone; got [3, 2] and [4, 5]',
      ],
    ] as [() => unknown, string][]
  ).map(([call, says]) => ({ call, says })),
);
