import { json } from 'node:stream/consumers';
import { getHeapSnapshot } from 'node:v8';

/** What V8 writes: nodes and edges as rows of numbers, whose columns `meta` names. */
interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]]; edge_fields: string[]; edge_types: [string[]] } };
  nodes: number[];
  edges: number[];
  strings: string[];
}

/** A reference on the way from the roots to an object. */
export interface Step {
  /** 'property', 'element', 'context' (a variable of a closure), or V8's own: 'internal', 'hidden', 'shortcut'. */
  readonly kind: string;
  /** Of the property or the variable; an element's index. */
  readonly edge: string;
  /** The object that is referred to, as a position in the snapshot. */
  readonly to: number;
  /** Its class, or V8's name for it. */
  readonly name: string;
}

/** All objects of the JavaScript heap and who refers to whom. */
export class HeapGraph {
  readonly #snapshot: Snapshot;
  readonly #nodeSize: number;
  readonly #edgeSize: number;
  readonly #nameAt: number;
  readonly #edgeTypes: readonly string[];
  /** Where a node's edges begin, and after them where the next one's do. */
  readonly #firstEdge: Uint32Array;
  /** The edge by which a search from the roots first came to a node, counted from 1; 0 where it never came. */
  readonly #cameBy: Uint32Array;
  readonly #cameFrom: Uint32Array;

  /** Takes some seconds and several times the heap's size. */
  static async take(): Promise<HeapGraph> {
    return new HeapGraph((await json(getHeapSnapshot())) as Snapshot);
  }

  private constructor(snapshot: Snapshot) {
    const { node_fields: nodeFields, edge_fields: edgeFields, edge_types: edgeTypes } = snapshot.snapshot.meta;
    this.#snapshot = snapshot;
    this.#nodeSize = nodeFields.length;
    this.#edgeSize = edgeFields.length;
    this.#nameAt = nodeFields.indexOf('name');
    this.#edgeTypes = edgeTypes[0];
    const countAt = nodeFields.indexOf('edge_count');
    const count = snapshot.nodes.length / this.#nodeSize;
    this.#firstEdge = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) {
      this.#firstEdge[i + 1] = this.#firstEdge[i] + snapshot.nodes[i * this.#nodeSize + countAt];
    }
    this.#cameBy = new Uint32Array(count);
    this.#cameFrom = new Uint32Array(count);
    this.#search(count);
  }

  /** Breadth first, so that the way to each node is a shortest one; weak references hold nothing. */
  #search(count: number): void {
    const weak = this.#edgeTypes.indexOf('weak');
    const { edges } = this.#snapshot;
    const seen = new Uint8Array(count).fill(1, 0, 1);
    const queue = new Uint32Array(count);
    for (let head = 0, tail = 1; head < tail; head++) {
      const from = queue[head];
      for (let e = this.#firstEdge[from]; e < this.#firstEdge[from + 1]; e++) {
        const to = edges[e * this.#edgeSize + 2] / this.#nodeSize;
        if (seen[to] === 1 || edges[e * this.#edgeSize] === weak) continue;
        seen[to] = 1;
        this.#cameBy[to] = e + 1;
        this.#cameFrom[to] = from;
        queue[tail++] = to;
      }
    }
  }

  #name(node: number): string {
    const name = this.#snapshot.strings[this.#snapshot.nodes[node * this.#nodeSize + this.#nameAt]];
    // Compilers give a class that refers to itself a second name, _Storage.
    return name.replace(/^_(?=[A-Z])/, '');
  }

  #step(edge: number): Step {
    const { edges, strings } = this.#snapshot;
    const kind = this.#edgeTypes[edges[edge * this.#edgeSize]];
    const label = edges[edge * this.#edgeSize + 1];
    const to = edges[edge * this.#edgeSize + 2] / this.#nodeSize;
    const indexed = kind === 'element' || kind === 'hidden';
    return { kind, edge: indexed ? String(label) : strings[label], to, name: this.#name(to) };
  }

  /** What an object refers to. */
  *references(node: number): Generator<Step> {
    for (let e = this.#firstEdge[node]; e < this.#firstEdge[node + 1]; e++) yield this.#step(e);
  }

  /** The objects whose property of that name is a text, with it. */
  *withText(property: string): Generator<[node: number, text: string]> {
    const { edges, strings } = this.#snapshot;
    const label = strings.indexOf(property);
    const kind = this.#edgeTypes.indexOf('property');
    let from = 0;
    for (let e = 0; e < edges.length / this.#edgeSize; e++) {
      if (edges[e * this.#edgeSize + 1] !== label || edges[e * this.#edgeSize] !== kind) continue;
      while (this.#firstEdge[from + 1] <= e) from++;
      yield [from, this.#step(e).name];
    }
  }

  /** A shortest way from the roots to an object; empty where nothing holds it. */
  path(node: number): Step[] {
    const steps: Step[] = [];
    for (let at = node; this.#cameBy[at] !== 0; at = this.#cameFrom[at]) steps.push(this.#step(this.#cameBy[at] - 1));
    return steps.reverse();
  }

  /** The text of an object's property, where it is one. */
  text(node: number, property: string): string | undefined {
    for (const { kind, edge, name } of this.references(node)) if (kind === 'property' && edge === property) return name;
    return undefined;
  }
}
