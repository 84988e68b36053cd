/* What layers, losses, optimisers and data make of known shapes; both sides, checked by `npm run types`. */
import {
  conv2d,
  conv3d,
  crossEntropy,
  gelu,
  layerNorm,
  linear,
  lstm,
  maxPool1d,
  mseLoss,
  nn,
  ones,
  optim,
  scaledDotProductAttention,
  type Tensor,
  zeros,
} from 'adjoint';
import { collate, DataLoader, type Dataset, TensorDataset } from 'adjoint/data';
import { type DTypeOf, type ShapeOf, same } from './same.js';

declare const images: Tensor<[64, 1, 28, 28], 'float32'>;
declare const labels: Tensor<[64], 'int32'>;
declare const unknown: Tensor;
declare const width: number;

// Linear.
const dense = new nn.Linear(784, 10);
same<ShapeOf<typeof dense.weight>, [10, 784]>(true);
const scores = dense.forward(ones([32, 784]));
same<ShapeOf<typeof scores>, [32, 10]>(true);
same<DTypeOf<typeof scores>, 'float32'>(true);
const sequences = dense.forward(ones([8, 5, 784]));
same<ShapeOf<typeof sequences>, [8, 5, 10]>(true);
const affine = linear(ones([4, 3]), ones([2, 3]), ones([2]));
same<ShapeOf<typeof affine>, [4, 2]>(true);
const open = new nn.Linear(width, 10).forward(ones([32, 784]));
same<ShapeOf<typeof open>, [32, 10]>(true);
// @ts-expect-error linear: the last axis of [32, 100] must have 784 elements
dense.forward(ones([32, 100]));
// @ts-expect-error linear: the last axis of [4, 3] must have 5 elements
linear(ones([4, 3]), ones([2, 5]));
// @ts-expect-error bias [3] is no Tensor<[2]>
linear(ones([4, 3]), ones([2, 3]), ones([3]));
// @ts-expect-error linear: a scalar has no axis to multiply over
dense.forward(zeros([]));

// Attention.
const attended = scaledDotProductAttention(ones([2, 4, 10, 8]), ones([2, 4, 12, 8]), ones([2, 4, 12, 6]));
same<ShapeOf<typeof attended>, [2, 4, 10, 6]>(true);
const shared = scaledDotProductAttention(ones([2, 4, 10, 8]), ones([12, 8]), ones([12, 6]));
same<ShapeOf<typeof shared>, [2, 4, 10, 6]>(true);
// @ts-expect-error matmul: inner dimensions 8 and 4 differ
scaledDotProductAttention(ones([5, 8]), ones([6, 4]), ones([6, 4]));
// @ts-expect-error matmul: inner dimensions 6 and 5 differ
scaledDotProductAttention(ones([5, 8]), ones([6, 8]), ones([5, 8]));
const withWeights = new nn.MultiheadAttention(8, 2).forward(unknown, unknown, unknown);
same<(typeof withWeights)[1], Tensor>(true);
const withoutWeights = new nn.MultiheadAttention(8, 2).forward(unknown, unknown, unknown, { needWeights: false });
same<(typeof withoutWeights)[1], null>(true);

// Convolution and pooling: batch and channels are known, sizes are computed at run time.
const convolution = new nn.Conv2d(1, 6, 5);
const maps = convolution.forward(images);
same<ShapeOf<typeof maps>, [64, 6, number, number]>(true);
const pooled = new nn.MaxPool2d(2).forward(maps);
same<ShapeOf<typeof pooled>, [64, 6, number, number]>(true);
const averaged = new nn.GlobalAveragePool2d().forward(maps);
same<ShapeOf<typeof averaged>, [64, 6, 1, 1]>(true);
const filtered = conv2d(images, ones([6, 1, 5, 5]));
same<ShapeOf<typeof filtered>, [64, 6, number, number]>(true);
// @ts-expect-error three channels meet a layer for one
convolution.forward(zeros([64, 3, 28, 28]));
// @ts-expect-error an image needs four axes
convolution.forward(zeros([28, 28]));
const line = new nn.Conv1d(4, 8, 3).forward(ones([2, 4, 50]));
same<ShapeOf<typeof line>, [2, 8, number]>(true);
const volume = new nn.ConvTranspose3d(8, 4, 2, { stride: 2 }).forward(ones([2, 8, 3, 3, 3]));
same<ShapeOf<typeof volume>, [2, 4, number, number, number]>(true);
const scan = conv3d(ones([2, 1, 9, 9, 9]), ones([4, 1, 3, 3, 3]));
same<ShapeOf<typeof scan>, [2, 4, number, number, number]>(true);
const [maxima, places] = maxPool1d(line, { kernelSize: 2, returnIndices: true });
same<ShapeOf<typeof maxima>, [2, 8, number]>(true);
same<DTypeOf<typeof places>, 'int32'>(true);
const overTime = new nn.GlobalMaxPool1d().forward(line);
same<ShapeOf<typeof overTime>, [2, 8, 1]>(true);
const enlarged = new nn.Upsample({ scaleFactor: 2 }).forward(maps);
same<ShapeOf<typeof enlarged>, [64, 6, number, number]>(true);
const voxels = new nn.Sequential(
  new nn.Conv3d(1, 8, 3),
  new nn.ReLU(),
  new nn.MaxPool3d(2),
  new nn.ReflectionPad3d(1),
  new nn.GlobalAveragePool3d(),
  new nn.Flatten(),
  new nn.Linear(8, 6),
);
const enzyme = voxels.forward(zeros([5, 1, 32, 32, 32]));
same<ShapeOf<typeof enzyme>, [5, 6]>(true);
// @ts-expect-error the layer takes 1 channels; its input has 2
voxels.forward(zeros([5, 2, 32, 32, 32]));
// @ts-expect-error a layer on volumes takes [batch, channels, depth, height, width]
voxels.forward(zeros([5, 1, 32, 32]));
// @ts-expect-error a sequence needs three axes
new nn.Conv1d(4, 8, 3).forward(images);
// @ts-expect-error kernels of images have two sizes
new nn.Conv2d(4, 8, [3, 3, 3]);

// Normalisation and activations keep shapes.
const normal = layerNorm(ones([2, 3, 4]), [4]);
same<ShapeOf<typeof normal>, [2, 3, 4]>(true);
const active = gelu(ones([2, 3], { dtype: 'int32' }));
same<ShapeOf<typeof active>, [2, 3]>(true);
same<DTypeOf<typeof active>, 'float32'>(true);
const standardised = new nn.BatchNorm2d(6).forward(maps);
same<ShapeOf<typeof standardised>, [64, 6, number, number]>(true);
// @ts-expect-error six channels meet a layer for five
new nn.BatchNorm2d(5).forward(zeros([64, 6, 9, 9]));

// Dtypes: kept by what makes sense on integers, else floating-point, as wide as the parameters at least.
const integers = ones([2, 3], { dtype: 'int32' });
const rectified = new nn.ReLU().forward(integers);
same<DTypeOf<typeof rectified>, 'int32'>(true);
const flat = new nn.Flatten(0).forward(integers);
same<ShapeOf<typeof flat>, [number]>(true);
same<DTypeOf<typeof flat>, 'int32'>(true);
const squashed = new nn.Tanh().forward(integers);
same<ShapeOf<typeof squashed>, [2, 3]>(true);
same<DTypeOf<typeof squashed>, 'float32'>(true);
const sloped = new nn.PReLU().forward(ones([2, 3], { dtype: 'bfloat16' }));
same<DTypeOf<typeof sloped>, 'float32'>(true);
const precise = new nn.Linear(3, 2).forward(ones([4, 3], { dtype: 'float64' }));
same<DTypeOf<typeof precise>, 'float64'>(true);
// @ts-expect-error a layer on images takes [batch, channels, height, width]
new nn.GlobalAveragePool2d().forward(ones([2, 3]));
// @ts-expect-error a layer on images takes [batch, channels, height, width]
new nn.MaxPool2d(2).forward(ones([2, 3]));

// Chains.
const lenet = new nn.Sequential(
  new nn.Conv2d(1, 6, 5),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
  new nn.Flatten(),
  new nn.Linear(864, 10),
);
const logits = lenet.forward(images);
same<ShapeOf<typeof logits>, [64, 10]>(true);
// @ts-expect-error the layer takes 1 channels; its input has 3
lenet.forward(zeros([64, 3, 28, 28]));
const broken = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(7, 2));
// @ts-expect-error linear: the last axis of [3, 8] must have 7 elements
broken.forward(ones([3, 4]));
const table = new nn.Embedding(9, 4).forward(labels);
same<ShapeOf<typeof table>, [64, 4]>(true);
// @ts-expect-error indices are int32
new nn.Embedding(9, 4).forward(zeros([3]));

// Losses: one number, unless each element's is asked for.
const loss: Tensor<[]> = crossEntropy(logits, labels);
const squared = mseLoss(ones([4, 3]), zeros([4, 3]));
same<ShapeOf<typeof squared>, []>(true);
same<DTypeOf<typeof squared>, 'float32'>(true);
const each = mseLoss(ones([4, 3]), zeros([4, 3]), { reduction: 'none' });
same<ShapeOf<typeof each>, [4, 3]>(true);
const summed = new nn.MSELoss({ reduction: 'sum' }).forward(ones([4]), zeros([4]));
same<ShapeOf<typeof summed>, []>(true);
const absolute = new nn.L1Loss({ reduction: 'none' }).forward(ones([4]), unknown);
same<ShapeOf<typeof absolute>, [4]>(true);
// @ts-expect-error input [4, 3] and target [4] must have one shape
mseLoss(ones([4, 3]), zeros([4]));
// @ts-expect-error input [4] and target [5] must have one shape
new nn.BCELoss().forward(ones([4]), zeros([5]));
// @ts-expect-error reduction is 'mean', 'sum' or 'none'
new nn.MSELoss({ reduction: 'max' });

// Optimisers: options have names, and schedules take any of them.
const adam = new optim.Adam(lenet.parameters(), { lr: 1e-3, betas: [0.9, 0.99] });
const schedule: optim.Schedule = new optim.StepLR(adam, { stepSize: 10 });
const groups = new optim.SGD([{ parameters: dense.parameters(), lr: 0.1 }], { momentum: 0.9 });
const rate: number = groups.groups[0].momentum;
// @ts-expect-error Adam has no momentum
new optim.Adam(lenet.parameters(), { momentum: 0.9 });
// @ts-expect-error stepSize is missing
new optim.StepLR(adam, { gamma: 0.5 });

// Batches have their examples' shapes, with a first axis of unknown size.
const digits = new TensorDataset(images, labels);
const [image, label] = digits.get(0);
same<ShapeOf<typeof image>, [1, 28, 28]>(true);
same<ShapeOf<typeof label>, []>(true);
for (const [x, y] of new DataLoader(digits, { batchSize: 8 })) {
  same<ShapeOf<typeof x>, [number, 1, 28, 28]>(true);
  same<ShapeOf<typeof y>, [number]>(true);
  same<DTypeOf<typeof y>, 'int32'>(true);
  const batchLogits: Tensor<[number, 10]> = lenet.forward(x);
  crossEntropy(batchLogits, y).backward();
  // @ts-expect-error images are no vectors of 784
  dense.forward(x);
}
declare const rows: Dataset<[Float32Array, number, boolean]>;
for (const [x, y, flag] of new DataLoader(rows)) {
  same<ShapeOf<typeof x>, [number, number]>(true);
  same<DTypeOf<typeof y>, 'float32'>(true);
  same<DTypeOf<typeof flag>, 'bool'>(true);
}
const pairs = collate([
  [ones([2, 3]), 1],
  [ones([2, 3]), 0],
] as [Tensor<[2, 3], 'float32'>, number][]);
same<ShapeOf<(typeof pairs)[0]>, [number, 2, 3]>(true);

export { loss, rate, schedule };

// Recurrent layers.
const memory = new nn.LSTM(64, 256);
const [remembered, [h, c]] = memory.forward(ones([32, 8, 64]));
same<ShapeOf<typeof remembered>, [32, 8, 256]>(true);
same<ShapeOf<typeof h>, [number, number, 256]>(true);
same<ShapeOf<typeof c>, [number, number, 256]>(true);
const [single, lone] = new nn.GRU(64, 256).forward(ones([32, 64]));
same<ShapeOf<typeof single>, [32, 256]>(true);
same<ShapeOf<typeof lone>, [number, 256]>(true);
const [both] = new nn.RNN(64, 256, { bidirectional: true }).forward(ones([32, 8, 64]));
same<ShapeOf<typeof both>, [32, 8, number]>(true);
const [whatever] = memory.forward(unknown, [unknown, unknown]);
same<ShapeOf<typeof whatever>, any>(true);
same<DTypeOf<typeof remembered>, 'float32'>(true);
// @ts-expect-error the last axis of [32, 8, 63] must have the 64 elements that the layer takes
memory.forward(ones([32, 8, 63]));
// @ts-expect-error a recurrent layer takes [steps, batch, in] or [steps, in]
memory.forward(ones([64]));
const [outputs] = lstm(ones([6, 3, 4]), ones([20, 4]), ones([20, 5]));
same<ShapeOf<typeof outputs>, [6, 3, 5]>(true);
const [, [narrow, cells]] = lstm(ones([6, 3, 4]), ones([20, 4]), ones([20, 2]), { weightHr: ones([2, 5]) });
same<ShapeOf<typeof narrow>, [3, 2]>(true);
same<ShapeOf<typeof cells>, [3, 5]>(true);
const [small, [smallH, wideC]] = new nn.LSTM(64, 256, { projSize: 32 }).forward(ones([32, 8, 64]));
same<ShapeOf<typeof small>, [32, 8, 32]>(true);
same<ShapeOf<typeof smallH>, [number, number, 32]>(true);
same<ShapeOf<typeof wideC>, [number, number, 256]>(true);
const [packed, packedH] = new nn.GRU(64, 256).forward(nn.packSequence([ones([3, 64])]));
same<typeof packed, nn.PackedSequence<'float32'>>(true);
same<ShapeOf<typeof packedH>, [number, number, 256]>(true);
const [stepH, stepC] = new nn.LSTMCell(64, 256).forward(ones([8, 64]));
same<ShapeOf<typeof stepH>, [8, 256]>(true);
same<ShapeOf<typeof stepC>, [8, 256]>(true);
// @ts-expect-error the last axis of [8, 63] must have the 64 elements that the cell takes
new nn.GRUCell(64, 256).forward(ones([8, 63]));
