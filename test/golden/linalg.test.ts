import * as adjoint from 'adjoint';
import { linalg, type Tensor } from 'adjoint';
import { type Case, golden, type Model } from './golden.js';

type Op = (...operands: any[]) => any;

/** Ops that take their operands in another way than one after another, before the arguments that stand in the case. */
const others: Record<string, (operands: Tensor[], args: any[]) => Tensor> = {
  multiDot: (matrices) => linalg.multiDot(matrices),
  einsum: (operands, [formula]) => adjoint.einsum(formula, ...operands),
};

/** At a singular matrix the derivative is that of the products, 4, −2, −2, 1 times dy; PyTorch 1.13 says 0 at exact zeros. */
const singular = ['det [2, 2]'];

const model =
  ({ params: { op, args, part } }: Case): Model =>
  (inputs) => {
    const operands = Object.values(inputs);
    const rest = (args as unknown[]).map((arg) =>
      /inf$/.test(String(arg)) ? Number(String(arg).replace('inf', 'Infinity')) : arg,
    );
    const named = (Reflect.get(linalg, op) ?? Reflect.get(adjoint, op)) as Op;
    const result: any = others[op]?.(operands, rest) ?? named(...operands, ...rest);
    return part === null ? result : result[part];
  };
golden('linalg', model, singular);
