/*
 * Computations as tables of values and gradients, and as drawings.
 *
 *     npx tsx examples/graph.ts [FOLDER]      # default runs/graph; SVG for a browser, DOT for Graphviz
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ComputationGraph,
  crossEntropy,
  graph,
  nn,
  rand,
  randint,
  relu,
  seed,
  type Tensor,
  tensor,
} from 'adjoint';
import { drawGraph } from 'adjoint/plot';

const folder = process.argv[2] ?? 'runs/graph';
await mkdir(folder, { recursive: true });

async function show(name: string, computation: ComputationGraph): Promise<void> {
  console.log(`${name}\n${computation}\n`);
  await writeFile(join(folder, `${name}.svg`), drawGraph(computation));
  await writeFile(join(folder, `${name}.dot`), computation.toDot());
}

const leaf = (value: number): Tensor => tensor(value).requireGrad();

// One neuron, one sample: loss = (w x + b − target)².
const neuron: Record<string, Tensor> = { w: leaf(2), x: tensor(2), b: leaf(1), target: tensor(2) };
const loss = graph(
  () => {
    neuron['q'] = neuron['w'].mul(neuron['x']);
    neuron['o'] = neuron['q'].add(neuron['b']);
    neuron['L'] = neuron['o'].sub(neuron['target']).square();
    return neuron['L'];
  },
  { names: neuron },
);
await show('neuron', loss);
assert.equal(loss.node('w').gradient?.item(), 12);

// A derivative is a sum over paths: a = (f + 3 + f g) (f g + 2).
const names: Record<string, Tensor> = { f: leaf(4), g: leaf(2) };
const several = graph(
  () => {
    names['e'] = names['f'].mul(names['g']);
    names['d'] = names['f'].add(3);
    names['b'] = names['d'].add(names['e']);
    names['c'] = names['e'].add(2);
    names['a'] = names['b'].mul(names['c']);
    return names['a'];
  },
  { names },
);
await show('paths', several);
for (const { nodes, derivatives, product } of several.paths('f')) {
  console.log(`${nodes.map(({ name }) => name).join(' → ')}: ${derivatives.join(' · ')} = ${product}`);
}
const sum = several.paths('f').reduce((total, { product }) => total + product, 0);
console.log(`∂a/∂f = ${sum}\n`);
assert.equal(sum, 60);

// A network: its parameters have their names.
seed(1);
class Residual extends nn.Module {
  input = new nn.Linear(3, 4);
  inner = new nn.Linear(4, 4);
  output = new nn.Linear(4, 2);

  forward(x: Tensor): Tensor {
    const h = relu(this.input.forward(x));
    return this.output.forward(h.add(relu(this.inner.forward(h))));
  }
}
const model = new Residual();
const x = rand([5, 3]);
const labels = randint(0, 2, [5]);
const parts = new Map<string, Tensor>([...model.stateDict(), ['x', x], ['labels', labels]]);
await show(
  'network',
  graph(() => crossEntropy(model.forward(x), labels), { names: parts }),
);
