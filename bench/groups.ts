import { cases } from './cases/index.js';
import {
  adjoint,
  fallback,
  networkTorches,
  oneDnn,
  onnxruntime,
  productLibraries,
  tensorflow,
  torches,
} from './competitors.js';
import type { Group } from './group.js';

/** Folders with competitors that are no part of this system: where somebody installed them with npm. */
export interface Folders {
  onnxruntime?: string | undefined;
  tfjs?: string | undefined;
}

const about: Record<keyof typeof cases, string> = {
  overview: 'training steps, products and sums beside PyTorch and our fallback (the default)',
  gemm: 'matrix products at the kernel call beside OpenBLAS, BLIS and oneDNN',
  conv: 'convolutions, three directions, on NCHW tensors beside oneDNN with its reorders',
  training: 'training steps, captured and eager, beside PyTorch',
  inference: 'forward passes, captured and eager, beside PyTorch and onnxruntime',
  elements: 'elementwise ops, reductions, norms, pools and moves at the kernel call beside PyTorch',
  tiny: 'public calls on 16 elements beside PyTorch',
  threads: 'two threads beside one, while another process is busy',
  scaling: 'training steps, two threads beside one',
  sizes: 'matrix products from 32³ to 2048³, two threads beside one',
  fallback: 'native beside our TypeScript engine and tfjs',
};

const kernels = [adjoint('adjoint', 'kernel'), adjoint('public call', 'eager', { own: true })];
const steps = [adjoint('adjoint', 'captured'), adjoint('eager', 'eager', { own: true })];

const competitors = ({
  onnxruntime: onnx,
  tfjs,
}: Folders): Record<keyof typeof cases, Omit<Group, 'name' | 'about' | 'cases'>> => ({
  overview: { competitors: [...steps, ...torches, fallback] },
  gemm: { competitors: [...kernels, ...productLibraries] },
  conv: { competitors: [...kernels, oneDnn] },
  training: { competitors: [...steps, ...networkTorches] },
  inference: { competitors: [...steps, ...networkTorches, onnxruntime(onnx)] },
  elements: { competitors: [...kernels, ...torches] },
  tiny: { competitors: [adjoint('adjoint', 'eager'), torches[0]], threads: [1] },
  threads: { ...besideOne('captured'), neighbour: true },
  scaling: besideOne('captured'),
  sizes: besideOne('kernel'),
  fallback: { competitors: [...steps, fallback, ...tensorflow(tfjs)], threads: [1] },
});

/** As many threads as asked for, and one. */
function besideOne(mode: 'captured' | 'kernel'): Pick<Group, 'competitors' | 'threads'> {
  return { competitors: [adjoint('adjoint', mode), adjoint('one thread', mode, { threads: 1 })], threads: [2] };
}

export function makeGroups(folders: Folders): Group[] {
  const parts = competitors(folders);
  return (Object.keys(cases) as (keyof typeof cases)[]).map((name) => ({
    name,
    about: about[name],
    cases: cases[name],
    ...parts[name],
  }));
}
