import { nn, ones, type Tensor, tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { loadAddon } from '../../lib/backend/native.js';
import { WeightsReader, WeightsWriter } from '../../lib/train/shared_weights.js';
import { engines, randomSequence } from '../harness.js';

describe.each(engines)('weights in shared memory on $name', ({ use }) => {
  const make = () => {
    use();
    const model = new nn.Sequential(new nn.Linear(3, 5), new nn.BatchNorm1d(5));
    const writer = new WeightsWriter(model.stateDict());
    // As another thread gets it.
    return { model, writer, reader: new WeightsReader(structuredClone(writer.shared)) };
  };

  it('give the reader what was published last, whoever is faster', () => {
    const { model, writer, reader } = make();
    const random = randomSequence(4);
    let published = 0;
    writer.publish(0);
    for (let i = 0; i < 500; i++) {
      if (random() < 0.5) {
        for (const parameter of model.parameters()) parameter.assign(parameter.add(1).detach());
        writer.publish(++published);
      } else {
        const { step, state } = reader.read();
        expect(step).toBe(published);
        expect(reader.step).toBe(published);
        for (const [name, value] of model.stateDict()) expect(state.get(name)?.toArray()).toEqual(value.toArray());
      }
    }
    expect(published).toBeGreaterThan(200);
  });

  it('are copied: what was read stays', () => {
    const { model, writer, reader } = make();
    writer.publish(1);
    const { state } = reader.read();
    const before = state.get('0.weight')?.toArray();
    for (let step = 2; step < 9; step++) {
      model.parameters()[0].assign(ones([5, 3]));
      writer.publish(step);
      reader.read();
    }
    expect(state.get('0.weight')?.toArray()).toEqual(before);
    expect(reader.read().state.get('0.weight')?.toArray()).toEqual(ones([5, 3]).toArray());
  });

  it('have every dtype and shape, and lie on cache lines of their own', () => {
    use();
    const source = new Map<string, Tensor>(
      (['bool', 'uint8', 'int32', 'bfloat16', 'float32', 'float64'] as const).map((dtype, i) => [
        dtype,
        tensor(Float64Array.from({ length: i + 1 }, (_, j) => (i + j) % 2)).to(dtype),
      ]),
    );
    source.set('none', ones([0, 3]));
    source.set('one', tensor(2.5));
    const writer = new WeightsWriter(source);
    writer.publish(2 ** 40);
    const { step, state } = new WeightsReader(writer.shared).read();
    expect(step).toBe(2 ** 40);
    for (const [name, value] of source) {
      const copy = state.get(name);
      expect([copy?.dtype, copy?.shape, copy?.toArray()]).toEqual([value.dtype, value.shape, value.toArray()]);
    }
    const { buffer, start, slotBytes } = writer.shared;
    expect(buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(loadAddon().addressOf(new Uint8Array(buffer, start)) % 64).toBe(0);
    expect(loadAddon().addressOf(new Uint8Array(buffer, start + 4)) % 64).toBe(4);
    expect(slotBytes % 64).toBe(0);
  });
});
