/*
 * What one neuron learns of the gates AND and XOR, in four ways: least squares, ridge regression, the perceptron's rule and
 * logistic regression. A line separates AND; no line separates XOR, and each way fails at it in a manner of its own, until
 * there is a hidden layer. Pictures go to runs/gates.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { concat, eye, linalg, mseLoss, ones, relu, sigmoid, step, type Tensor, tensor } from 'adjoint';
import { decisionChart } from 'adjoint/plot';

const vector = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });
const matrix = (...rows: number[][]): Tensor => tensor(rows, { dtype: 'float64' });

// The first column is the bias's.
const x = matrix([1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]);
const and = vector(0, 0, 0, 1);
const xor = vector(0, 1, 1, 0);

/** Prints numbers and holds them against those of the course whose figures these are, to their last digit. */
function show(what: string, t: Tensor, expected: number[], digits = 6): void {
  const found = [...t.data()];
  console.log(`${what}: ${found.map((value) => Number(value.toFixed(digits))).join(', ')}`);
  for (const [i, value] of found.entries())
    assert.ok(Math.abs(value - expected[i]) <= 0.6 * 10 ** -digits, `${what}: ${value}, expected ${expected[i]}`);
}

// w = (XᵀX + λ I)⁻¹ Xᵀy: least squares at λ = 0. The bias is penalised as the other weights are.
const closedForm = (y: Tensor, lambda = 0): Tensor =>
  linalg.solve(
    x
      .transpose()
      .matmul(x)
      .add(eye(3, { dtype: 'float64' }).mul(lambda)),
    x.transpose().matmul(y),
  );
show('least squares, AND', closedForm(and), [-0.25, 0.5, 0.5]);
show('  its outputs', x.matmul(closedForm(and)), [-0.25, 0.25, 0.25, 0.75]);
show('least squares, XOR', closedForm(xor), [0.5, 0, 0]);
show('  its outputs: no opinion', x.matmul(closedForm(xor)), [0.5, 0.5, 0.5, 0.5]);
show(
  '  mean squared errors',
  tensor([mseLoss(x.matmul(closedForm(and)), and).item(), mseLoss(x.matmul(closedForm(xor)), xor).item()]),
  [0.0625, 0.25],
);
show('ridge, λ = 1, AND', closedForm(and, 1), [0, 0.25, 0.25]);
show('  its outputs', x.matmul(closedForm(and, 1)), [0, 0.25, 0.25, 0.5]);
show('ridge, λ = 1, XOR', closedForm(xor, 1), [0.333333, 0.083333, 0.083333]);

// w ← w − α Xᵀ(ŷ − y), from the same small numbers each time.
const start = vector(0.05488135, 0.07151894, 0.06027634);
function learn(y: Tensor, output: (z: Tensor) => Tensor, epochs: number, rate: number): Tensor {
  let w = start;
  for (let epoch = 0; epoch < epochs; epoch++)
    w = w.sub(
      x
        .transpose()
        .matmul(output(x.matmul(w)).sub(y))
        .mul(rate),
    );
  return w;
}

const perceptron = (y: Tensor): Tensor => learn(y, (z) => step(z), 10, 0.1);
show('perceptron, AND', perceptron(and), [-0.24511865, 0.17151894, 0.16027634], 8);
show('  its outputs', step(x.matmul(perceptron(and))), [0, 0, 0, 1]);
const guesses = [...step(x.matmul(perceptron(xor))).data()];
console.log(`perceptron, XOR: its outputs: ${guesses.join(', ')}`);
assert.equal(new Set(guesses).size, 1, 'all four cases fall on one side of the line');

// The gradient of the cross-entropy is Xᵀ(ŷ − y) as well; its sum over the cases, then its mean.
const logistic = (y: Tensor, rate = 0.1): Tensor => learn(y, sigmoid, 10_000, rate);
show('logistic regression, AND', logistic(and), [-15.5074077, 10.22541225, 10.22541225], 7);
show('  with the mean of the gradients', logistic(and, 0.1 / 4), [-11.28971, 7.411398, 7.411398], 5);
show('  its probabilities', sigmoid(x.matmul(logistic(and, 0.1 / 4))), [0.000013, 0.020266, 0.020266, 0.971615], 6);
show('logistic regression, XOR', logistic(xor), [0, 0, 0]);

// A hidden layer of two rectifiers folds the plane: (0, 1) and (1, 0) fall on one point, and a line separates it.
const withOnes = (x: Tensor): Tensor => concat([ones([x.shape[0], 1], { dtype: 'float64' }), x], 1);
const network = (x: Tensor): Tensor =>
  withOnes(relu(x.matmul(matrix([0, -1], [1, 1], [1, 1])))).matmul(vector(0, 1, -2));
show('two hidden units, XOR', network(x), [0, 1, 1, 0]);

mkdirSync('runs/gates', { recursive: true });
const inputs = x.slice(null, [1, 3]);
const range = { x: [-0.5, 1.5], y: [-0.5, 1.5] } as const;
for (const [name, title, output, y] of [
  ['and_perceptron', 'AND by the perceptron', (x: Tensor) => step(x.matmul(perceptron(and))), and],
  ['and_logistic', 'AND by logistic regression', (x: Tensor) => sigmoid(x.matmul(logistic(and))), and],
  ['xor_network', 'XOR by two hidden units', network, xor],
] as const) {
  const chart = await decisionChart((points) => output(withOnes(points.to('float64'))), inputs, y.data(), {
    title,
    range,
  });
  writeFileSync(`runs/gates/${name}.svg`, chart);
}
console.log('pictures: runs/gates/{and_perceptron,and_logistic,xor_network}.svg');
