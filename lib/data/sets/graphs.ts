import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPath } from '../../core/check.js';
import { FormatError } from '../../core/errors.js';
import type { Table } from '../../io/table.js';
import { fromStorage } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import { readTable } from './files.js';

/** A graph whose nodes belong to classes. */
export interface NodeGraph {
  /** The nodes that each edge joins, each edge once. */
  edges: Tensor<[2, number], 'int32'>;
  labels: Tensor<[number], 'int32'>;
}

/** Papers, what words they use, and who cites whom. */
export interface Cora extends NodeGraph {
  /** 1 where a paper has a word. */
  features: Tensor<[number, 1433], 'float32'>;
  /** Which papers are for what: of Planetoid's split, 140, 500 and 1000 of 2708. */
  train: Tensor<[number], 'bool'>;
  validation: Tensor<[number], 'bool'>;
  test: Tensor<[number], 'bool'>;
}

/** Friends in a karate club that fell apart. */
export interface KarateClub extends NodeGraph {
  /** How much each edge's two members had to do with one another. */
  weights: Tensor<[number], 'float32'>;
  /** Names of the two clubs. */
  clubs: readonly string[];
}

const words = 1433;

/**
 * Reads the Cora citation graph from three files: `nodes.csv` (node, label, split: train, val, test or none), `edges.csv`
 * (source, target) and `features.txt`, of which line i lists the words of node i. Needs the package csv-parse.
 *
 * @throws FormatError for a file that is missing, nodes that are not numbered in turn, or a node or word that is not there
 * @source Yang, Cohen, Salakhutdinov 2016, arXiv:1603.08861 (the Planetoid split)
 */
export async function readCora(folder: string): Promise<Cora> {
  checkPath('readCora', folder);
  const path = join(folder, 'nodes.csv');
  const nodes = await readTable('readCora', path, {
    node: 'integer',
    label: 'integer',
    split: ['train', 'val', 'test', 'none'],
  });
  checkInTurn('readCora', path, nodes);
  const split = nodes.column('split').values as Int32Array;
  const [train, validation, test] = [0, 1, 2].map((code) =>
    fromStorage<[number], 'bool'>(
      Uint8Array.from(split, (of) => (of === code ? 1 : 0)),
      [nodes.length],
      'bool',
    ),
  );
  return {
    features: await readWords(join(folder, 'features.txt'), nodes.length),
    edges: (await readEdges('readCora', join(folder, 'edges.csv'), nodes.length)).edges,
    labels: nodes.toTensor('label') as Tensor<[number], 'int32'>,
    ...{ train, validation, test },
  };
}

/**
 * Reads Zachary's karate club from two files: `edges.csv` (source, target, weight) and `labels.csv` (node, club). Needs the
 * package csv-parse.
 *
 * @throws FormatError for a file that is missing, nodes that are not numbered in turn, or a node that is not there
 * @source Zachary 1977, doi:10.1086/jar.33.4.3629752
 */
export async function readKarateClub(folder: string): Promise<KarateClub> {
  checkPath('readKarateClub', folder);
  const path = join(folder, 'labels.csv');
  const nodes = await readTable('readKarateClub', path, { node: 'integer', club: 'category' });
  checkInTurn('readKarateClub', path, nodes);
  const { table, edges } = await readEdges('readKarateClub', join(folder, 'edges.csv'), nodes.length, {
    weight: 'number',
  });
  const club = nodes.column('club') as { categories: readonly string[] };
  return {
    edges,
    weights: table.toTensor('weight') as Tensor<[number], 'float32'>,
    labels: nodes.toTensor('club') as Tensor<[number], 'int32'>,
    clubs: club.categories,
  };
}

function checkInTurn(op: string, path: string, nodes: Table): void {
  const wrong = (nodes.column('node').values as Int32Array).findIndex((node, i) => node !== i);
  if (wrong >= 0) throw new FormatError(`${op}: ${path}: nodes must be numbered 0, 1, …; row ${wrong + 1} is not`);
}

async function readEdges(op: string, path: string, nodes: number, types: Record<string, 'number'> = {}) {
  const table = await readTable(op, path, { source: 'integer', target: 'integer', ...types });
  const edges = new Int32Array(2 * table.length);
  ['source', 'target'].forEach((end, row) => {
    const values = table.column(end).values as Int32Array;
    const wrong = values.findIndex((node) => node < 0 || node >= nodes);
    if (wrong >= 0) {
      throw new FormatError(
        `${op}: ${path}: row ${wrong + 1}: a node must be within 0 … ${nodes - 1}; got ${values[wrong]}`,
      );
    }
    edges.set(values, row * table.length);
  });
  return { table, edges: fromStorage<[2, number], 'int32'>(edges, [2, table.length], 'int32') };
}

async function readWords(path: string, nodes: number): Promise<Tensor<[number, 1433], 'float32'>> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new FormatError(`readCora: cannot open ${path}: ${cause.message.split(',')[0]}`, { cause });
  });
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length !== nodes) {
    throw new FormatError(`readCora: ${path} must have ${nodes} lines, one for every node; it has ${lines.length}`);
  }
  const features = new Float32Array(nodes * words);
  lines.forEach((line, node) => {
    for (const word of line.split(' ').filter((part) => part !== '')) {
      if (!/^\d{1,4}$/.test(word) || Number(word) >= words) {
        throw new FormatError(
          `readCora: ${path}: line ${node + 1}: a word must be within 0 … ${words - 1}; got ${JSON.stringify(word.slice(0, 20))}`,
        );
      }
      features[node * words + Number(word)] = 1;
    }
  });
  return fromStorage(features, [nodes, words], 'float32');
}
