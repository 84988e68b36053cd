import {
  adjacencyLoss,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  boxLoss,
  capsuleMarginLoss,
  contentLoss,
  contrastiveLoss,
  cosineEmbeddingLoss,
  crossEntropy,
  ctcLoss,
  diceLoss,
  focalLoss,
  gaussianNllLoss,
  generalisedDiceLoss,
  halfSseLoss,
  hingeEmbeddingLoss,
  hingeLoss,
  huberLoss,
  klDiv,
  l1Loss,
  marginRankingLoss,
  mmdLoss,
  mseLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  nllLoss,
  nn,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
  squaredHingeLoss,
  styleLoss,
  type Tensor,
  tensor,
  totalVariationLoss,
  tripletMarginLoss,
  tverskyLoss,
  yoloLoss,
  zeroOneLoss,
} from 'adjoint';
import type { Operand, Sample } from '../../harness.js';
import { type ModuleSpec, moduleSpec } from '../../module_spec.js';

/*
 * A loss as a module is the op of its name with the module's fields for options. Values and gradients are the op's to prove.
 */

type Options = Record<string, unknown>;

/** The spec of a module that is an op with options; `refuses` an option that is out of its range, with what it says. */
function of(
  Loss: new (options: any) => nn.Module,
  op: (...operands: any[]) => Tensor,
  options: Options,
  inputs: Sample[],
  text: string,
  refuses: [option: Options, says: string][] = [],
): ModuleSpec<nn.Module> {
  return {
    make: () => new Loss(options),
    inputs,
    equals: (_, ...operands) => op(...operands, options),
    keepsNothing: false,
    // A loss is one number of all of them.
    examples: null,
    text: `${Loss.name}(${text})`,
    errors: refuses.map(([option, says]) => ({ call: () => new Loss(option), says: `${Loss.name}: ${says}` })),
  };
}

const wrongReduction: [Options, string] = [
  { reduction: 'avg' },
  "reduction must be 'mean', 'sum' or 'none'; got 'avg'",
];

/** Operands of a batch of 2, of 1 and of none. */
const batches = (operands: (n: number) => Operand[]): Sample[] => [2, 1, 0].map((n) => ({ operands: operands(n) }));
const share: [number, number] = [0.1, 0.9];
const pairs = (input: Partial<Operand> = {}, target: Partial<Operand> = {}): Sample[] =>
  batches((n) => [
    { ...input, shape: [n, 3] },
    { ...target, shape: [n, 3] },
  ]);
/** Labels or signs, the same ones again and again. */
const whole = (shape: number[], values: number[]): Operand => ({
  shape,
  dtype: 'int32',
  values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => values[i % values.length]),
});
const signed = batches((n) => [{ shape: [n, 3] }, whole([n, 3], [1, -1])]);
const labelled = batches((n) => [{ shape: [n, 3] }, whole([n], [2, 0])]);
const areas = batches((n) => [
  { shape: [n, 2, 3], range: share },
  { shape: [n, 2, 3], range: share },
]);
const classes = tensor([1, 2, 0.5]);

moduleSpec('MSELoss', of(nn.MSELoss, mseLoss, {}, pairs(), "reduction='mean'", [wrongReduction]));
moduleSpec('L1Loss', of(nn.L1Loss, l1Loss, { reduction: 'sum' }, pairs(), "reduction='sum'"));
moduleSpec('HalfSSELoss', of(nn.HalfSSELoss, halfSseLoss, {}, pairs(), "reduction='mean'"));
moduleSpec('ZeroOneLoss', {
  ...of(nn.ZeroOneLoss, zeroOneLoss, { reduction: 'none' }, pairs(), "reduction='none'"),
  differentiable: false,
});
moduleSpec('HingeLoss', of(nn.HingeLoss, hingeLoss, {}, signed, "reduction='mean'"));
moduleSpec('SquaredHingeLoss', of(nn.SquaredHingeLoss, squaredHingeLoss, {}, signed, "reduction='mean'"));
moduleSpec('SoftMarginLoss', of(nn.SoftMarginLoss, softMarginLoss, {}, signed, "reduction='mean'"));
moduleSpec(
  'SmoothL1Loss',
  of(nn.SmoothL1Loss, smoothL1Loss, { beta: 0.3 }, pairs(), "reduction='mean', beta=0.3", [
    [{ beta: -1 }, 'beta must be a finite number ≥ 0; got -1'],
  ]),
);
moduleSpec(
  'HuberLoss',
  of(nn.HuberLoss, huberLoss, { delta: 0.3 }, pairs(), "reduction='mean', delta=0.3", [
    [{ delta: 0 }, 'delta must be a number > 0; got 0'],
  ]),
);
moduleSpec(
  'HingeEmbeddingLoss',
  of(nn.HingeEmbeddingLoss, hingeEmbeddingLoss, { margin: 3 }, signed, "reduction='mean', margin=3", [
    [{ margin: NaN }, 'margin must be a finite number; got NaN'],
  ]),
);
moduleSpec(
  'PoissonNLLLoss',
  of(
    nn.PoissonNLLLoss,
    poissonNllLoss,
    { logInput: false, full: true, eps: 0.1 },
    pairs({ range: share }, { range: [0, 4] }),
    "reduction='mean', logInput=false, full=true, eps=0.1",
    [[{ eps: 0 }, 'eps must be a number > 0; got 0']],
  ),
);
moduleSpec(
  'FocalLoss',
  of(nn.FocalLoss, focalLoss, { gamma: 1 }, pairs({}, { range: share }), "reduction='mean', alpha=0.25, gamma=1", [
    [{ gamma: -1 }, 'gamma must be a finite number ≥ 0; got -1'],
  ]),
);
moduleSpec(
  'BCELoss',
  of(
    nn.BCELoss,
    binaryCrossEntropy,
    { weight: classes },
    pairs({ range: share }, { range: share }),
    "reduction='mean'",
  ),
);
moduleSpec(
  'BCEWithLogitsLoss',
  of(
    nn.BCEWithLogitsLoss,
    binaryCrossEntropyWithLogits,
    { posWeight: classes, reduction: 'none' },
    pairs({}, { range: share }),
    "reduction='none', weight=null",
  ),
);
moduleSpec(
  'CrossEntropyLoss',
  of(
    nn.CrossEntropyLoss,
    crossEntropy,
    { weight: classes, labelSmoothing: 0.1 },
    labelled,
    "reduction='mean', ignoreIndex=-100, labelSmoothing=0.1",
    [[{ labelSmoothing: 2 }, 'labelSmoothing must be within 0 … 1; got 2']],
  ),
);
moduleSpec(
  'NLLLoss',
  of(nn.NLLLoss, nllLoss, { weight: classes, ignoreIndex: 1 }, labelled, "reduction='mean', ignoreIndex=1"),
);
moduleSpec(
  'KLDivLoss',
  of(
    nn.KLDivLoss,
    klDiv,
    { logTarget: true, reduction: 'batchmean' },
    pairs(),
    "reduction='batchmean', logTarget=true",
    [[{ reduction: 'avg' }, "reduction must be 'mean', 'batchmean', 'sum' or 'none'; got 'avg'"]],
  ),
);
moduleSpec(
  'GaussianNLLLoss',
  of(
    nn.GaussianNLLLoss,
    gaussianNllLoss,
    { full: true, eps: 0.01 },
    batches((n) => [{ shape: [n, 3] }, { shape: [n, 3] }, { shape: [n, 3], range: [0.3, 2] }]),
    "reduction='mean', full=true, eps=0.01",
    [[{ eps: 0 }, 'eps must be a number > 0; got 0']],
  ),
);
moduleSpec(
  'CosineEmbeddingLoss',
  of(
    nn.CosineEmbeddingLoss,
    cosineEmbeddingLoss,
    { margin: -1 },
    batches((n) => [{ shape: [n, 3] }, { shape: [n, 3] }, whole([n], [1, -1])]),
    "reduction='mean', margin=-1",
    [[{ margin: NaN }, 'margin must be a finite number; got NaN']],
  ),
);
moduleSpec(
  'MarginRankingLoss',
  of(
    nn.MarginRankingLoss,
    marginRankingLoss,
    { margin: 0.5 },
    batches((n) => [{ shape: [n] }, { shape: [n] }, whole([n], [1, -1])]),
    "reduction='mean', margin=0.5",
    [[{ margin: NaN }, 'margin must be a finite number; got NaN']],
  ),
);
moduleSpec(
  'TripletMarginLoss',
  of(
    nn.TripletMarginLoss,
    tripletMarginLoss,
    { margin: 4, p: 3, eps: 0.001, swap: true },
    batches((n) => [{ shape: [n, 3] }, { shape: [n, 3] }, { shape: [n, 3] }]),
    "reduction='mean', margin=4, distance='norm', p=3, eps=0.001, swap=true, shifted=false",
    [[{ distance: 'far' }, "distance must be 'norm' or 'squared'; got 'far'"]],
  ),
);
moduleSpec(
  'ContrastiveLoss',
  of(
    nn.ContrastiveLoss,
    contrastiveLoss,
    { margin: 4, one: 'similar' },
    batches((n) => [{ shape: [n, 3] }, { shape: [n, 3] }, whole([n], [1, 0])]),
    "reduction='mean', margin=4, one='similar'",
    [[{ margin: 0 }, 'margin must be a number > 0; got 0']],
  ),
);
moduleSpec(
  'MultiMarginLoss',
  of(
    nn.MultiMarginLoss,
    multiMarginLoss,
    { p: 2, margin: 0.5, weight: classes },
    labelled,
    "reduction='mean', p=2, margin=0.5",
    [[{ p: 3 }, 'p must be 1 or 2; got 3']],
  ),
);
moduleSpec(
  'MultiLabelMarginLoss',
  of(
    nn.MultiLabelMarginLoss,
    multilabelMarginLoss,
    {},
    batches((n) => [{ shape: [n, 3] }, whole([n, 3], [2, -1, 0, 0, 1, -1])]),
    "reduction='mean'",
  ),
);
moduleSpec(
  'MultiLabelSoftMarginLoss',
  of(
    nn.MultiLabelSoftMarginLoss,
    multilabelSoftMarginLoss,
    { weight: classes },
    pairs({}, { range: share }),
    "reduction='mean'",
  ),
);
moduleSpec('DiceLoss', of(nn.DiceLoss, diceLoss, {}, areas, "reduction='mean'"));
moduleSpec('GeneralisedDiceLoss', of(nn.GeneralisedDiceLoss, generalisedDiceLoss, {}, areas, "reduction='mean'"));
moduleSpec(
  'TverskyLoss',
  of(nn.TverskyLoss, tverskyLoss, { alpha: 0.7, beta: 0.3 }, areas, "reduction='mean', alpha=0.7, beta=0.3", [
    [{ beta: -1 }, 'beta must be a finite number ≥ 0; got -1'],
  ]),
);
moduleSpec(
  'CapsuleMarginLoss',
  of(
    nn.CapsuleMarginLoss,
    capsuleMarginLoss,
    { present: 0.8, absent: 0.2, lambda: 1 },
    pairs({ range: share }, { range: share }),
    "reduction='mean', present=0.8, absent=0.2, lambda=1",
    [[{ absent: 2 }, 'absent must be within 0 … 1; got 2']],
  ),
);
moduleSpec(
  'StyleLoss',
  of(
    nn.StyleLoss,
    styleLoss,
    {},
    batches((n) => [{ shape: [n, 2, 3] }, { shape: [n, 2, 2] }]),
    "reduction='mean'",
  ),
);
moduleSpec('ContentLoss', of(nn.ContentLoss, contentLoss, {}, pairs(), "reduction='mean'"));
moduleSpec(
  'TotalVariationLoss',
  of(
    nn.TotalVariationLoss,
    totalVariationLoss,
    {},
    batches((n) => [{ shape: [n, 1, 3, 3] }]),
    "reduction='mean'",
  ),
);
moduleSpec(
  'AdjacencyLoss',
  of(
    nn.AdjacencyLoss,
    adjacencyLoss,
    { reduction: 'sum' },
    [3, 1, 0].map((n) => ({ operands: [{ shape: [n, 2] }, { shape: [n, n], range: share }] })),
    "reduction='sum'",
  ),
);
moduleSpec(
  'BoxLoss',
  of(
    nn.BoxLoss,
    boxLoss,
    {},
    batches((n) => [{ shape: [n, 4, 2] }, { shape: [n, 4, 2] }]),
    "reduction='mean'",
  ),
);
moduleSpec(
  'MMDLoss',
  of(
    nn.MMDLoss,
    mmdLoss,
    { bandwidths: [0.5, 2] },
    batches((n) => [{ shape: [n, 2] }, { shape: [n, 2] }]),
    'bandwidths=[0.5, 2]',
    [[{ bandwidths: [0] }, 'each of bandwidths must be a number > 0; got 0']],
  ),
);
moduleSpec(
  'CTCLoss',
  of(
    nn.CTCLoss,
    ctcLoss,
    { blank: 2, zeroInfinity: true },
    batches((n) => [{ shape: [4, n, 3] }, whole([n, 2], [1, 0, 1, 1]), whole([n], [4, 3]), whole([n], [2, 1])]),
    "reduction='mean', blank=2, zeroInfinity=true",
    [[{ blank: -1 }, 'blank must be a whole number ≥ 0; got -1']],
  ),
);

const cell = { range: [0.1, 0.9] as [number, number] };
const cells = (n: number): Sample => ({
  operands: [
    { shape: [n, 1, 2, 7], ...cell },
    { shape: [n, 1, 2, 7], ...cell, dtype: 'uint8', values: Array.from({ length: 14 * n }, () => 0) },
  ],
});

moduleSpec(
  'YoloLoss',
  of(
    nn.YoloLoss,
    yoloLoss,
    { boxes: 1, coord: 0.5 },
    [cells(2), cells(1), cells(0)],
    "reduction='mean', boxes=1, coord=0.5, noObject=0.5",
    [[{ noObject: -1 }, 'noObject must be a finite number ≥ 0; got -1']],
  ),
);
