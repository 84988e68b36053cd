import { backend, seed, setBackend, setNumThreads } from 'adjoint';

/* Before each file of tests that share a process: the engine, threads and random numbers that the first of them found. */

const kept = globalThis as { adjointBefore?: ReturnType<typeof backend> };
kept.adjointBefore ??= backend();
const { name, isa, threads } = kept.adjointBefore;
setBackend(name, name === 'native' ? { isa } : {});
setNumThreads(threads);
seed(0);
