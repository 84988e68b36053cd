export type {
  AnyView,
  Backend,
  Call,
  Caller,
  CallHooks,
  Failure,
  FusedFunctions,
  Program,
  ProgramCall,
  Replay,
  Slot,
  SlotView,
  View,
} from './backend.js';
export { type Cost, costOf } from './costs.js';
export {
  type BackendInfo,
  backend,
  checkRange,
  engineInUse,
  findOutside,
  fusedFunctions,
  hasKernel,
  intercept,
  prepare,
  run,
  setBackend,
  setNumThreads,
} from './engine.js';
export { factsOf, type KernelFacts, kernel, numberOf, readsResults, resultCount, withNumber } from './kernel.js';
export { valueAt } from './value.js';
