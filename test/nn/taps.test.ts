import { capture, nn, randn, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines, statesErrors } from '../harness.js';

const net = () =>
  new nn.Sequential(
    new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.MaxPool2d(2)),
    new nn.Flatten(),
    new nn.Linear(8, 3),
  );

describe.each(engines)('taps on $name', ({ use }) => {
  it('give what named layers give, captured too, and gradients of it', () => {
    use();
    const model = net();
    const [features] = model.layers;
    const x = randn([2, 1, 6, 6]);
    const names = ['0.1', '', '0'] as const;
    const tapped = (x: Tensor): Tensor[] => {
      const results = nn.taps(model, names)(x);
      return names.map((name) => results[name]);
    };
    const wanted: Tensor[] = [
      features.layers[1].forward(features.layers[0].forward(x)),
      model.forward(x),
      features.forward(x),
    ];
    const gradients = (results: readonly Tensor[]) => {
      model.zeroGrad();
      results
        .map((y): Tensor => y.square().sum())
        .reduce((a, b) => a.add(b))
        .backward();
      return model.parameters().map(({ grad }) => grad?.clone().data());
    };
    const eager = tapped(x);
    expect(eager.map((y) => y.data())).toEqual(wanted.map((y) => y.data()));
    const expected = gradients(eager);
    const step = capture((x: Tensor) => {
      const results = tapped(x);
      model.zeroGrad();
      results
        .map((y): Tensor => y.square().sum())
        .reduce((a, b) => a.add(b))
        .backward();
      return results.map((y) => y.detach());
    });
    step(x);
    expect(step(x).map((y: Tensor) => y.data())).toEqual(wanted.map((y) => y.data()));
    expect(model.parameters().map(({ grad }) => grad?.data())).toEqual(expected);
    expect(model.modules().filter((layer) => Object.hasOwn(layer, 'forward'))).toEqual([]);
  });

  it('stand beside hooks, and give the last result of a layer that is called twice', () => {
    use();
    class Twice extends nn.Module {
      layer = new nn.Linear(3, 3);
      forward(x: Tensor): Tensor {
        return this.layer.forward(this.layer.forward(x)).neg();
      }
    }
    const model = new Twice();
    let calls = 0;
    const end = model.layer.onForward(() => void calls++);
    const x = randn([2, 3]);
    const { layer } = nn.taps(model, ['layer'])(x);
    expect(layer.neg().data()).toEqual(model.forward(x).data());
    expect(calls).toBe(4);
    end();
    expect(Object.hasOwn(model.layer, 'forward')).toBe(false);
  });
});

class Unused extends nn.Module {
  aux = new nn.Linear(1, 1);
  forward(x: Tensor): Tensor {
    return x;
  }
}

statesErrors('taps', [
  {
    call: () => nn.taps(new nn.Sequential(new nn.ReLU(), new nn.ReLU()), ['features.9' as string]),
    says: "taps: Sequential has no module features.9; it has '', 0, 1",
  },
  { call: () => nn.taps(new Unused(), ['aux'])(randn([1])), says: 'taps: the forward pass did not come to aux' },
]);
