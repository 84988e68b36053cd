export type { Backend, Call, CallHooks, Failure, Origin, Program, Replay, Slot, SlotView, View } from './backend.js';
export {
  type BackendInfo,
  backend,
  checkRange,
  engineInUse,
  findOutside,
  hasKernel,
  intercept,
  prepare,
  run,
  setBackend,
  setNumThreads,
} from './engine.js';
export { valueAt } from './value.js';
export { readsResults, resultCount } from './writes.js';
