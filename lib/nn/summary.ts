import { costOf, intercept, resultCount } from '../backend/index.js';
import { bytesPerElement, type DType, isComplex, partDType } from '../core/dtype.js';
import { show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { zeros } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import { byShapes } from './by_shapes.js';
import type { Module } from './module.js';

/** The table of `Module.summary`. */
export function summarise(module: Module, inputs: readonly (Shape | Tensor)[]): string {
  const rows: string[][] = [];
  const counted = new Set<Tensor>();
  // Taken before the pass, in which some put other tensors in the place of their parameters.
  const own = new Map(module.modules().map((layer) => [layer, ownParameters(layer)]));
  const count = (layer: Module): number => {
    const fresh = (own.get(layer) ?? []).filter((tensor) => !counted.has(tensor));
    for (const tensor of fresh) counted.add(tensor);
    return elements(fresh);
  };
  // Attention has children and weights of its own.
  const layers = module
    .namedModules()
    .filter(([, layer]) => layer.children().length === 0 || own.get(layer)?.length !== 0);
  // Operations of the layers that the pass is in, the innermost last; the first are outside of all.
  const visits = [0];
  let [flops, connections, resultBytes] = [0, 0, 0];
  // Also what is computed of weights alone, as a normalised one is.
  const weights = new Set([...module.parameters(), ...module.buffers()].map(({ storage }) => storage));
  const endings = layers.flatMap(([name, layer]) => [
    layer.beforeForward(() => void visits.push(0)),
    layer.onForward((_, __, output) => {
      const kind = layer.constructor.name;
      const operations = visits.pop() ?? 0;
      const results = tensorsOf(output);
      resultBytes += bytesOf(results);
      const shapes = results.map(({ shape }) => show(shape)).join(', ');
      const title = name === '' ? kind : `${name} (${kind})`;
      rows.push([title, shapes, grouped(operations), grouped(count(layer))]);
    }),
  ]);
  try {
    byShapes(module, () => {
      const given = inputs.map((input) => (input instanceof Tensor ? input : zeros(input)));
      const release = intercept((engine) => ({
        ...engine,
        run: (kernel, views, numbers, hooks) => {
          const cost = costOf(kernel, views, numbers);
          flops += cost.flops;
          visits[visits.length - 1] += cost.flops;
          const results = resultCount({ kernel, views, numbers });
          const operands = views.slice(results).map(({ storage }) => weights.has(storage));
          if (operands.includes(true)) connections += cost.products;
          const isDerived = operands.length > 0 && !operands.includes(false);
          if (isDerived) for (const { storage } of views.slice(0, results)) weights.add(storage);
          return engine.run(kernel, views, numbers, hooks);
        },
      }));
      try {
        module.forward(...given);
      } finally {
        release();
      }
    });
  } finally {
    for (const end of endings) end();
  }
  const parameters = module.parameters();
  const trainable = elements(parameters.filter((tensor) => tensor.requiresGrad));
  const memory = bytesOf([...parameters, ...module.buffers()]);
  return [
    table([['layer', 'output', 'flops', 'parameters'], ...rows]),
    `parameters: ${grouped(elements(parameters))}, trainable: ${grouped(trainable)}`,
    `connections: ${grouped(connections)}, flops: ${grouped(flops)}`,
    `memory: ${inBytes(memory)}, results: ${inBytes(resultBytes)}`,
  ].join('\n');
}

const bytesOf = (tensors: readonly Tensor<any, DType>[]): number =>
  tensors.reduce(
    (bytes, { size, dtype }) => bytes + size * bytesPerElement[partDType(dtype)] * (isComplex(dtype) ? 2 : 1),
    0,
  );

const grouped = (count: number): string => Math.round(count).toLocaleString('en');

/** A size in the largest unit of which it has one: 1.5 MB. */
function inBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** unit).toFixed(1))} ${units[unit]}`;
}

/** Those that are not its children's. */
function ownParameters(layer: Module): Tensor[] {
  const others = new Set(layer.children().flatMap((child) => child.parameters()));
  return layer.parameters().filter((tensor) => !others.has(tensor));
}

const elements = (tensors: readonly Tensor[]): number => tensors.reduce((total, tensor) => total + tensor.size, 0);

/** Those of a result; attention gives null in place of weights that nobody asked for. */
const tensorsOf = (output: unknown): Tensor[] =>
  output instanceof Tensor ? [output] : Array.isArray(output) ? output.flatMap(tensorsOf) : [];

/** Columns as wide as their widest cell, numbers aligned at the right; a line under the head and at the end. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i >= 2 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
  );
  const rule = '─'.repeat(lines[0].length);
  return [lines[0], rule, ...lines.slice(1), rule].join('\n');
}
