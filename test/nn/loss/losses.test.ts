import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  l1Loss,
  mseLoss,
  nn,
  type Tensor,
  tensor,
} from 'adjoint';
import type { Operand, Sample } from '../../harness.js';
import { moduleSpec } from '../../module_spec.js';

/** Inputs and targets of one shape. */
const pairs = (input: Partial<Operand> = {}, target: Partial<Operand> = {}): Sample[] =>
  [[2, 3], [1], [0, 3]].map((shape) => ({
    operands: [
      { ...input, shape },
      { ...target, shape },
    ],
  }));
const probability: Partial<Operand> = { range: [0.1, 0.9] };

const wrongReduction = (name: string, Loss: new (options: any) => nn.Module) => ({
  call: () => new Loss({ reduction: 'avg' }),
  says: `${name}: reduction must be 'mean', 'sum' or 'none'; got 'avg'`,
});

moduleSpec('MSELoss', {
  make: () => new nn.MSELoss(),
  inputs: pairs(),
  equals: (_, x, y) => mseLoss(x, y),
  text: "MSELoss(reduction='mean')",
  keepsNothing: false,
  errors: [wrongReduction('MSELoss', nn.MSELoss)],
});

moduleSpec('L1Loss', {
  make: () => new nn.L1Loss({ reduction: 'sum' }),
  inputs: pairs(),
  equals: (_, x, y) => l1Loss(x, y, { reduction: 'sum' }),
  text: "L1Loss(reduction='sum')",
  keepsNothing: false,
});

moduleSpec('BCELoss', {
  make: () => new nn.BCELoss({ weight: tensor([0.5]) }),
  inputs: pairs(probability, probability),
  equals: ({ weight }, x, y) => binaryCrossEntropy(x, y, { weight: weight as Tensor }),
  text: "BCELoss(reduction='mean')",
  keepsNothing: false,
});

moduleSpec('BCEWithLogitsLoss', {
  make: () => new nn.BCEWithLogitsLoss({ posWeight: tensor([2]), reduction: 'none' }),
  inputs: pairs({}, probability),
  equals: ({ posWeight }, x, y) =>
    binaryCrossEntropyWithLogits(x, y, { posWeight: posWeight as Tensor, reduction: 'none' }),
  text: "BCEWithLogitsLoss(reduction='none', weight=null)",
  keepsNothing: false,
});

const classes = (n: number): Sample => ({
  operands: [{ shape: [n, 3] }, { shape: [n], dtype: 'int32', range: [0, 2] }],
});

moduleSpec('CrossEntropyLoss', {
  make: () => new nn.CrossEntropyLoss({ weight: tensor([1, 2, 3]), labelSmoothing: 0.1 }),
  inputs: [classes(2), classes(1), classes(0)],
  equals: ({ weight }, x, y) => crossEntropy(x, y, { weight: weight as Tensor, labelSmoothing: 0.1 }),
  text: "CrossEntropyLoss(reduction='mean', ignoreIndex=-100, labelSmoothing=0.1)",
  keepsNothing: false,
  errors: [
    {
      call: () => new nn.CrossEntropyLoss({ labelSmoothing: 2 }),
      says: 'CrossEntropyLoss: labelSmoothing must be within 0 … 1; got 2',
    },
  ],
});
