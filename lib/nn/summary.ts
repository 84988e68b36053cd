import { show } from '../core/shape.js';
import type { Shape } from '../core/types.js';
import { zeros } from '../tensor/create.js';
import { noGrad } from '../tensor/tape.js';
import { Tensor } from '../tensor/tensor.js';
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
  const endings = layers.map(([name, layer]) =>
    layer.onForward((_, __, output) => {
      const kind = layer.constructor.name;
      rows.push([name === '' ? kind : `${name} (${kind})`, shapeOf(output), count(layer).toLocaleString('en')]);
    }),
  );
  const modes = module.modules().map((part) => [part, part.training] as const);
  try {
    module.eval();
    noGrad(() => module.forward(...inputs.map((input) => (input instanceof Tensor ? input : zeros(input)))));
  } finally {
    for (const end of endings) end();
    for (const [part, training] of modes) part.training = training;
  }
  const parameters = module.parameters();
  const trainable = elements(parameters.filter((tensor) => tensor.requiresGrad));
  return [
    table([['layer', 'output', 'parameters'], ...rows]),
    `parameters: ${elements(parameters).toLocaleString('en')}, trainable: ${trainable.toLocaleString('en')}`,
  ].join('\n');
}

/** Those that are not its children's. */
function ownParameters(layer: Module): Tensor[] {
  const others = new Set(layer.children().flatMap((child) => child.parameters()));
  return layer.parameters().filter((tensor) => !others.has(tensor));
}

const elements = (tensors: readonly Tensor[]): number => tensors.reduce((total, tensor) => total + tensor.size, 0);

function shapeOf(output: unknown): string {
  if (output instanceof Tensor) return show(output.shape);
  if (!Array.isArray(output)) return typeof output;
  // Attention gives null in place of weights that nobody asked for.
  return output
    .filter((part) => part !== null)
    .map(shapeOf)
    .join(', ');
}

/** Columns as wide as their widest cell, the last one aligned at the right; a line under the head and at the end. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '),
  );
  const rule = '─'.repeat(lines[0].length);
  return [lines[0], rule, ...lines.slice(1), rule].join('\n');
}
