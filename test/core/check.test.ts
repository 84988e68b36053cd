import { linalg, nn, ones, reshape, ValueError, vjp, zeros } from 'adjoint';
import { collate, DataLoader, FileDataset, StreamLoader, subset, TensorDataset, tokenWindows } from 'adjoint/data';
import { learningCurve } from 'adjoint/diagnose';
import { Categorical, MixtureSameFamily } from 'adjoint/distributions';
import { decodeNpy, encodeNpy, parseCsv, writeNpz } from 'adjoint/io';
import { accuracyOf, fBeta } from 'adjoint/metrics';
import { Adam, ConstantLR, clipGradNorm, EMA, LinearLR, lrRangeTest } from 'adjoint/optim';
import { figure, heatMap, rocChart, scheduleChart } from 'adjoint/plot';
import { profile } from 'adjoint/profile';
import { choice, randomSearch } from 'adjoint/search';
import { averageRanks, friedman, summarise } from 'adjoint/stats';
import { stopOnInterrupt, Trainer } from 'adjoint/train';
import { expect, it } from 'vitest';
import { kindOf } from '../../lib/core/check.js';

/* What the checks of arguments say, each as some of those say it who use it; test/wrong_calls.test.ts goes through them all. */

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [3, 'a number'],
  ['x', 'a string'],
  [() => 1, 'a function'],
  [[], 'an array'],
  [{}, 'an object'],
  [Object.create(null), 'an object'],
  [new Uint8Array(1), 'a Uint8Array'],
  [ones([1]), 'a Tensor'],
  [new nn.Identity(), 'an Identity'],
])('%o is called %s', (value, name) => {
  expect(kindOf(value)).toBe(name);
});

/** A call that TypeScript would not let through. */
const untyped = (f: unknown, ...args: unknown[]): unknown => (f as (...args: unknown[]) => unknown)(...args);
const made = (Class: unknown, ...args: unknown[]): unknown => Reflect.construct(Class as new () => unknown, args);
const optimizer = () => new Adam([ones([1]).requireGrad()]);

it.each<[says: string, call: () => unknown]>([
  // An array.
  ['averageRanks: scores must be an array; got undefined', () => untyped(averageRanks)],
  ['summarise: values must be an array; got a string', () => untyped(summarise, 'x')],
  ['choice: values must be an array; got null', () => untyped(choice, null)],
  ['collate: examples must be an array; got a Tensor', () => untyped(collate, ones([2]))],
  ['reshape: shape must be an array; got undefined', () => untyped(reshape, ones([2]))],
  ['multiDot: matrices must be an array; got a Tensor', () => untyped(linalg.multiDot, ones([2, 2]))],
  // What a loop goes over.
  [
    'subset: indices must be an array or another iterable; got undefined',
    () => untyped(subset, { length: 2, get: () => 1 }),
  ],
  ['Adam: parameters must be an array or another iterable; got a Tensor', () => made(Adam, ones([1]))],
  ['EMA: parameters must be an array or another iterable; got undefined', () => made(EMA)],
  ['clipGradNorm: parameters must be an array or another iterable; got null', () => untyped(clipGradNorm, null, 1)],
  // A function.
  ['StreamLoader: begin must be a function; got an array', () => made(StreamLoader, [])],
  ['vjp: f must be a function; got undefined', () => untyped(vjp)],
  ['profile: body must be a function; got a string', () => untyped(profile, 'x')],
  ['lrRangeTest: step must be a function; got undefined', () => untyped(lrRangeTest, optimizer())],
  // What a class made.
  ['ConstantLR: optimizer must be an Optimizer; got undefined', () => made(ConstantLR)],
  ['LinearLR: optimizer must be an Optimizer; got an Identity', () => made(LinearLR, new nn.Identity())],
  ['decodeNpy: bytes must be a Uint8Array; got a string', () => untyped(decodeNpy, 'x')],
  ['taps: the module must be a Module; got null', () => untyped(nn.taps, null)],
  [
    'MixtureSameFamily: components must be a Distribution; got undefined',
    () => made(MixtureSameFamily, new Categorical({ logits: zeros([2]) })),
  ],
  ['Trainer: model must be a Module; got a Tensor', () => made(Trainer, ones([1]), { optimizer: optimizer() })],
  // An object with fields.
  ['DataLoader: the dataset must be an object with length, get; got a string', () => made(DataLoader, 'x')],
  ['DataLoader: the dataset must be an object with length, get; got an array without get', () => made(DataLoader, [1])],
  ['FileDataset: a file must be an object with length, shape; got null', () => made(FileDataset, null)],
  [
    'accuracyOf: the matrix must be an object with counts, classes, rows; got an object without counts',
    () => untyped(accuracyOf, {}),
  ],
  ['friedman: the average ranks must be an object with ranks, count; got undefined', () => untyped(friedman)],
  ['encodeNpy: the array must be an object with dtype, shape, data; got undefined', () => untyped(encodeNpy)],
  [
    'stopOnInterrupt: run must be an object with stop, once; got an object without stop',
    () => untyped(stopOnInterrupt, {}),
  ],
  ['BCELoss: options must be an object; got null', () => made(nn.BCELoss, null)],
  // Options that are missing are refused by the name of the first that is needed.
  ['tokenWindows: length must be a whole number ≥ 1; got undefined', () => untyped(tokenWindows, new Int32Array(4))],
  ['fBeta: beta must be a number > 0; got undefined', () => untyped(fBeta)],
  // A tensor, of complex numbers too.
  ['TensorDataset: a tensor must be a Tensor; got an object', () => made(TensorDataset, {})],
])('%s', (says, call) => {
  expect(call).toThrow(new ValueError(says));
});

it.each<[says: string, call: () => unknown]>([
  ['parseCsv: text must be a Uint8Array; got undefined', () => untyped(parseCsv)],
  ['writeNpz: arrays must be a Map; got undefined', () => untyped(writeNpz, 'x.npz')],
  ['randomSearch: the space must be an object; got undefined', () => untyped(randomSearch)],
  ['learningCurve: train must be a function; got undefined', () => untyped(learningCurve)],
  ['figure: the frame must be an object with title, x, y; got undefined', () => untyped(figure)],
  ['heatMap: the grid must be an object with x, y, values; got undefined', () => untyped(heatMap)],
  ['scheduleChart: rates must be an object; got undefined', () => untyped(scheduleChart)],
  [
    'rocChart: the curve x must be an object with falsePositiveRate, truePositiveRate; got an array without falsePositiveRate',
    () => untyped(rocChart, { x: [] }),
  ],
])('%s', async (says, call) => {
  await expect(Promise.resolve().then(call)).rejects.toThrow(new ValueError(says));
});
