import { linear, nn, ones, type Tensor, tensor } from 'adjoint';
import { expect, expectTypeOf, it } from 'vitest';

/* Shapes that are known go through layers; the compiler checks this file, so a wrong shape must be an error here. */

it('a layer turns its shape into the result’s', () => {
  const layer = new nn.Linear(4, 2);
  expectTypeOf(layer).toEqualTypeOf<nn.Linear<4, 2>>();
  expectTypeOf(layer.forward(ones([3, 4]))).toEqualTypeOf<Tensor<[3, 2], 'float32'>>();
  expectTypeOf(layer.forward(ones([5, 3, 4]))).toEqualTypeOf<Tensor<[5, 3, 2], 'float32'>>();
  expectTypeOf(linear(ones([3, 4]), ones([2, 4]))).toEqualTypeOf<Tensor<[3, 2], 'float32'>>();
  // @ts-expect-error linear: the last axis of [3, 5] must have 4 elements
  expect(() => layer.forward(ones([3, 5]))).toThrow('linear: the last axis of x');
});

it('an unknown shape or dimension fits', () => {
  const layer = new nn.Linear(4, 2);
  const unknown: Tensor = ones([3, 4]);
  expectTypeOf(layer.forward(unknown)).toExtend<Tensor>();
  const batch: Tensor<[number, 4], 'float32'> = ones([3, 4]);
  expectTypeOf(layer.forward(batch)).toEqualTypeOf<Tensor<[number, 2], 'float32'>>();
  const sized = new nn.Linear(unknown.shape[1], 2);
  expect(sized.forward(ones([3, 4])).shape).toEqual([3, 2]);
});

it('Sequential computes the shape of a chain', () => {
  const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
  const y = net.forward(ones([3, 4]));
  expectTypeOf(y.shape).toEqualTypeOf<[3, 2]>();
  // @ts-expect-error the chain takes 4 features
  expect(() => net.forward(ones([3, 5]))).toThrow('linear: the last axis of x');
  const broken = new nn.Sequential(new nn.Linear(4, 8), new nn.Linear(7, 2));
  // @ts-expect-error 8 features meet a layer for 7
  expect(() => broken.forward(ones([3, 4]))).toThrow('linear: the last axis of x');
});

it('Sequential knows images', () => {
  const net = new nn.Sequential(
    new nn.Conv2d(1, 6, 5),
    new nn.BatchNorm2d(6),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(6 * 12 * 12, 10),
  );
  const y = net.forward(ones([2, 1, 28, 28]));
  expectTypeOf(y.shape).toEqualTypeOf<[2, 10]>();
  expect(y.shape).toEqual([2, 10]);
  // @ts-expect-error three channels meet a layer for one
  expect(() => net.forward(ones([2, 3, 28, 28]))).toThrow('takes 1 channel;');
  const folded = nn.foldBatchNorm(net.eval());
  expectTypeOf(folded.layers[1]).toEqualTypeOf<nn.ReLU>();
  expectTypeOf(folded.forward(ones([2, 1, 28, 28])).shape).toEqualTypeOf<[2, 10]>();
  // @ts-expect-error three channels meet a layer for one
  expect(() => folded.forward(ones([2, 3, 28, 28]))).toThrow('takes 1 channel;');
});

it('Sequential looks up embeddings, and nests', () => {
  const net = new nn.Sequential(new nn.Sequential(new nn.Embedding(9, 4)), new nn.Linear(4, 2));
  const y = net.forward(tensor([[1, 2, 3]], { dtype: 'int32' }));
  expectTypeOf(y.shape).toEqualTypeOf<[1, 3, 2]>();
  expect([...net.stateDict().keys()]).toEqual(['0.0.weight', '1.weight', '1.bias']);
});

it('a module of unknown sizes takes any other', () => {
  const layers: nn.Module[] = [new nn.Linear(4, 2), new nn.ReLU()];
  const any: nn.Linear = new nn.Linear(4, 2);
  const chain = new nn.Sequential(...layers);
  expect(chain.forward(ones([3, 4])).shape).toEqual([3, 2]);
  expect(any.forward(ones([3, 4])).shape).toEqual([3, 2]);
});
