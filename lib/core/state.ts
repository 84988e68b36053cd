/**
 * What can be saved and put back: a model, an optimiser, a schedule, a loader, a generator, a callback. A state is JSON,
 * maps, and tensors among them. `loadStateDict` changes nothing if it throws.
 */
export interface Stateful<S = any> {
  stateDict(): S;
  loadStateDict(state: S): void;
}
