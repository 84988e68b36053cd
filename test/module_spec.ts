import {
  capture,
  concat,
  countNonzero,
  type DType,
  full,
  Generator,
  gradcheck,
  nn,
  noGrad,
  seed,
  Tensor,
} from 'adjoint';
import { describe, expect, it } from 'vitest';
import { watch } from '../lib/core/watching.js';
import { chain, keepsNothing } from '../lib/nn/container/chain.js';
import { type Case, type Float, golden, type Model } from './golden/golden.js';
import {
  build,
  engines,
  expectClose,
  layouts,
  randomSequence,
  type Sample,
  statesErrors,
  valuesOf,
} from './harness.js';

/*
 * One spec a module, as `spec` is one an op. From it follow, on every engine: its results by ops, in float32 and float64,
 * in training and in evaluation; that of an example by itself, of none, and beside NaN and infinities; a captured step with the bits of an eager one, gradients and buffers too; whether it keeps
 * what it is given or gives; derivatives to the second order by inputs and parameters; the bits of another module that
 * loads its state; initial values that its generator decides; inputs laid out in other ways; its text, its summary, each
 * stated error's full text, and PyTorch's answers.
 */

/** What a module is made with: its random numbers come from the generator alone. */
export interface Made {
  dtype: Float;
  generator: Generator;
}

/** The inputs of a forward pass; a shape is that of the one operand. */
export type Inputs = readonly number[] | Sample;

export interface ModuleSpec<M extends nn.Module> {
  make: (options: Made) => M;
  /** The first that has elements is also the one whose derivatives are checked; one is empty, and one has a size of 1. */
  inputs: readonly Inputs[];
  /** Inputs that training refuses. */
  evaluated?: readonly Inputs[];
  /** What the forward pass gives, bit for bit unless there is a slack. */
  equals: (module: M, ...inputs: any[]) => unknown;
  /** Whether gradients flow; a claim of none is tested too. 'elsewhere': another spec of the module checks them. Default true. */
  differentiable?: boolean | 'elsewhere';
  /** Whether it keeps neither what it is given nor what it gives; default true. */
  keepsNothing?: boolean;
  /**
   * The axis of the examples in all operands and results; in evaluation none of them has to do with another. null where they
   * have, or where there are none; says why where it is. Default 0.
   */
  examples?: number | null;
  /** Factor on the tolerance, for modules whose ops take another order; says why where it is used. */
  slack?: number;
  text: string;
  errors?: { call: () => unknown; says: string }[];
  /** The file of PyTorch's answers, and which of its cases are this module's; default all. */
  golden?: { file: string; cases?: RegExp; model: (recorded: Case, float: Float) => Model };
}

const sampleOf = (inputs: Inputs): Sample => ('operands' in inputs ? inputs : { operands: [{ shape: [...inputs] }] });

/** The tensors of a result, which may be one or several, in arrays. */
const tensorsOf = (result: unknown): Tensor[] =>
  result instanceof Tensor ? [result] : Array.isArray(result) ? result.flatMap(tensorsOf) : [];

const bits = (tensors: readonly Tensor[]): unknown[] => tensors.map((x) => [x.dtype, x.shape, x.data()]);

/** Registers the tests that a module's spec stands for. */
export function moduleSpec<M extends nn.Module>(name: string, definition: ModuleSpec<M>): void {
  const { make, equals, evaluated = [], differentiable = true, text, errors = [], slack, examples = 0 } = definition;
  const trained = definition.inputs.map(sampleOf);
  const samples = [...trained, ...evaluated.map(sampleOf)];
  const sizesOf = ({ operands }: Sample): number[] => operands.flatMap(({ shape }) => shape);
  const filled = trained.find((sample) => !sizesOf(sample).includes(0)) as Sample;

  const made = (dtype: Float = 'float32', from = 3): M => make({ dtype, generator: new Generator(from) });
  const operandsOf = ({ operands }: Sample, dtype: Float): Tensor[] => {
    const random = randomSequence(7);
    return operands.map((operand) => {
      const { dtype: kind = 'float' } = operand;
      return build(operand, valuesOf(operand, random), kind === 'float' ? dtype : (kind as DType));
    });
  };
  const isFloat = (x: Tensor): boolean => x.dtype === 'float32' || x.dtype === 'float64';
  const call = (module: M, tensors: readonly Tensor[], { args = [] }: Sample): Tensor[] =>
    tensorsOf(module.forward(...tensors, ...args));
  const expectNear = (results: Tensor[], wanted: Tensor[], what: string): void => {
    expect(results.length).toBe(wanted.length);
    results.forEach((y, i) => {
      const { shape } = wanted[i];
      expectClose(y, { shape, data: [...wanted[i].data()].map(Number) }, { slack: slack ?? 1, what });
    });
  };
  const eachMode = (body: (sample: Sample, training: boolean) => void): void => {
    for (const sample of trained) body(sample, true);
    for (const sample of samples) body(sample, false);
  };

  describe.each(engines)(`${name} on $name`, ({ use }) => {
    it('gives what its ops give, in training and in evaluation, of an empty and of a single input too', () => {
      use();
      expect(samples.some((sample) => sizesOf(sample).includes(0))).toBe(true);
      expect(samples.some((sample) => sizesOf(sample).includes(1))).toBe(true);
      for (const dtype of ['float32', 'float64'] as const) {
        eachMode((sample, training) => {
          const [ours, theirs] = [made(dtype).train(training) as M, made(dtype).train(training) as M];
          const x = operandsOf(sample, dtype);
          const results = call(ours, x, sample);
          const wanted = tensorsOf(equals(theirs, ...x, ...(sample.args ?? [])));
          if (slack === undefined) expect(bits(results)).toEqual(bits(wanted));
          else expectNear(results, wanted, dtype);
          for (const y of results.filter(isFloat)) expect(y.dtype).toBe(dtype);
        });
      }
    });

    if (examples !== null)
      it('gives an example what it gives it alone, beside numbers without measure too, and nothing for none', () => {
        use();
        const part = (x: Tensor, from: number, to: number): Tensor =>
          x.slice(...new Array<null>(examples).fill(null), [from, to]);
        const first = operandsOf(filled, 'float32').map((x) => part(x, 0, 1));
        const row = (f: (x: Tensor) => Tensor): Tensor[] => first.map((x) => (isFloat(x) ? f(x) : x));
        const rows = [
          row((x) => x),
          row((x) => x.mul(-0.5)),
          ...[NaN, Infinity, -Infinity, 1e38, 1e-40].map((value) => row((x) => full(x.shape, value))),
        ];
        const batch = first.map(
          (_, i) =>
            concat(
              rows.map((row) => row[i]),
              examples,
            ) as Tensor,
        );
        const module = made().eval() as M;
        const together = call(module, batch, filled);
        rows.forEach((row, r) => {
          const alone = call(module, row, filled);
          expectNear(
            together.map((y) => part(y, r, r + 1)),
            alone,
            `example ${r}`,
          );
        });
        const none = batch.map((x) => (isFloat(x) ? part(x, 0, 0).clone().requireGrad() : part(x, 0, 0)));
        const nothing = call(module, none, filled);
        expect(nothing.map(({ shape, dtype }) => [shape, dtype])).toEqual(
          together.map((y) => [part(y, 0, 0).shape, y.dtype]),
        );
        const losses = nothing.filter(({ node }) => node !== null).map((y): Tensor => y.sum());
        if (losses.length > 0) losses.reduce((a, b): Tensor => a.add(b)).backward();
        for (const { grad } of module.parameters()) if (grad !== null) expect(countNonzero(grad).item()).toBe(0);
      });

    it('takes inputs laid out in other ways', () => {
      use();
      for (const sample of samples) {
        const x = operandsOf(sample, 'float32');
        const wanted = call(made().eval(), x, sample);
        for (const layout of layouts) {
          const results = call(made().eval(), x.map(layout.of), sample);
          expectNear(results, wanted, layout.name);
        }
      }
    });

    it('gives the same bits captured, gradients and state too', () => {
      use();
      eachMode((sample, training) => {
        const run = (wrap: (step: (...x: Tensor[]) => Tensor[]) => (...x: Tensor[]) => Tensor[]): unknown[] => {
          const module = made().train(training) as M;
          const step = wrap((...x) => {
            module.zeroGrad();
            const results = call(module, x, sample);
            const losses = results.filter(({ node }) => node !== null).map((y): Tensor => y.square().sum());
            if (losses.length > 0) losses.reduce((a, b): Tensor => a.add(b)).backward();
            const leaves = [...x, ...module.parameters()];
            return [...results, ...leaves.flatMap(({ grad }) => grad?.clone() ?? [])];
          });
          const fresh = (): Tensor[] => operandsOf(sample, 'float32').map((x) => (isFloat(x) ? x.requireGrad() : x));
          const passes = [1, 2, 3].map(() => bits(step(...fresh())));
          return [...passes, bits([...module.stateDict().values()])];
        };
        expect(run(capture)).toEqual(run((step) => step));
      });
    });

    if (differentiable !== 'elsewhere')
      it(differentiable ? 'has the derivatives of finite differences' : 'passes no gradient', () => {
        use();
        const x = operandsOf(filled, 'float64');
        const floats = x.filter(isFloat);
        const parameters = made('float64').namedParameters();
        const f = (...leaves: Tensor[]): Tensor => {
          let next = 0;
          const inputs = x.map((each) => (isFloat(each) ? leaves[next++] : each));
          const named = Object.fromEntries(parameters.map(([key], i) => [key, leaves[next + i]]));
          // A new module draws the same numbers and has the same statistics.
          const results = tensorsOf(
            nn.functionalCall<nn.Module>(made('float64'), named, ...inputs, ...(filled.args ?? [])),
          );
          return concat(results.map((y): Tensor => y.reshape([y.size])));
        };
        const leaves = [...floats, ...parameters.map(([, value]) => value.detach().clone())];
        expect(leaves.reduce((size, leaf) => size + leaf.size, 0)).toBeGreaterThan(0);
        if (differentiable) gradcheck(f, leaves, { order: 2, atol: 1e-5 * (slack ?? 1) });
        else expect(f(...leaves.map((leaf) => leaf.requireGrad())).node).toBeNull();
      });

    it('has initial values that its generator decides, and the bits of a module whose state it loads', () => {
      use();
      const first = made();
      seed(1);
      const again = made();
      expect(bits([...again.stateDict().values()])).toEqual(bits([...first.stateDict().values()]));
      const x = operandsOf(filled, 'float32');
      call(first, x, filled);
      const other = made('float32', 4);
      other.loadStateDict(first.stateDict());
      expect(bits(call(other.eval() as M, x, filled))).toEqual(bits(call(first.eval() as M, x, filled)));
    });

    it(
      definition.keepsNothing === false ? 'may keep what it is given' : 'keeps nothing that it is given or gives',
      () => {
        use();
        expect(keepsNothing(made())).toBe(definition.keepsNothing ?? true);
        const [x, ...others] = operandsOf(filled, 'float32');
        if (definition.keepsNothing === false || others.length > 0) return;
        // Wide enough that its memory is used again, where nobody looks on.
        const wide: Tensor =
          isFloat(x) && x.rank > 0 ? concat(Array(Math.ceil(2048 / x.size)).fill(x) as Tensor[], 0) : x;
        const run = (): unknown[] => {
          const module = made();
          const step = (): Tensor[] => {
            module.zeroGrad();
            const input = wide.clone();
            if (isFloat(input)) input.requireGrad();
            const around = isFloat(input) ? [new nn.Tanh(), module, new nn.Tanh()] : [module];
            const { y } = chain(around, { y: input, isKnown: true });
            if (y.node !== null) (y.square().sum() as Tensor).backward();
            return [y, ...[input, ...module.parameters()].flatMap(({ grad }) => grad ?? [])];
          };
          const steps = [1, 2, 3].map(step);
          return [...steps, noGrad(step)].map(bits);
        };
        const recycled = run();
        const release = watch({});
        expect(recycled).toEqual(run());
        release();
      },
    );
  });

  it(`${name} says what it is, and counts its parameters in its summary`, () => {
    const module = made();
    expect(`${module}`).toBe(text);
    const lines = module.summary(...operandsOf(filled, 'float32')).split('\n');
    const counts = lines.slice(2, -4).map((line) => Number(/([\d,]+)$/.exec(line)?.[1].replaceAll(',', '')));
    const total = module.parameters().reduce((elements, { size }) => elements + size, 0);
    expect(counts.reduce((a, b) => a + b)).toBe(total);
  });

  statesErrors(name, errors);
  if (definition.golden !== undefined) {
    const { file, model, cases } = definition.golden;
    golden(file, model, cases);
  }
}
