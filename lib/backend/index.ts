export type { Backend, View } from './backend.js';
export { type BackendInfo, backend, hasKernel, run, setBackend, setNumThreads } from './engine.js';
