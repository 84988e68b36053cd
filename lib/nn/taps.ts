import { checkArray, checkInstance } from '../core/check.js';
import { ValueError } from '../core/errors.js';
import { Module } from './module.js';

/**
 * What layers within a module give, by name: the function returned runs the module's forward pass, and gives each named
 * layer's result. For features, and losses of them. '' is the module itself.
 *
 *     const features = nn.taps(vgg, ['features.3', 'features.8']);
 *     const { 'features.3': coarse } = features(images);
 *
 * Of a layer that is called several times it is the last result. The module stays as it is.
 *
 * @param names  as in `namedModules`
 * @throws ValueError "taps: Sequential has no module features.9; it has '', 0, 1"
 * @throws ValueError "taps: the forward pass did not come to aux"
 */
export function taps<M extends Module, const N extends string>(
  module: M,
  names: readonly N[],
): (...inputs: Parameters<M['forward']>) => Record<N, any> {
  checkInstance('taps', 'the module', module, Module);
  checkArray('taps', 'names', names);
  const modules = new Map(module.namedModules());
  const tapped = names.map((name) => {
    const layer = modules.get(name);
    if (layer !== undefined) return [name, layer] as const;
    const known = [...modules.keys()].map((key) => key || "''").join(', ');
    throw new ValueError(`taps: ${module.constructor.name} has no module ${name}; it has ${known}`);
  });
  return (...inputs) => {
    const results = new Map<Module, unknown>();
    const restore: (() => void)[] = [];
    try {
      // Not hooks, which a captured step does not have.
      for (const layer of new Set(tapped.map(([, layer]) => layer))) {
        const own = Object.getOwnPropertyDescriptor(layer, 'forward');
        const { forward } = layer;
        const value = (...given: unknown[]): unknown => {
          const result: unknown = forward.apply(layer, given);
          results.set(layer, result);
          return result;
        };
        Object.defineProperty(layer, 'forward', { value, configurable: true, writable: true });
        restore.push(() => {
          if (own === undefined) Reflect.deleteProperty(layer, 'forward');
          else Object.defineProperty(layer, 'forward', own);
        });
      }
      module.forward(...inputs);
    } finally {
      for (const undo of restore) undo();
    }
    return Object.fromEntries(
      tapped.map(([name, layer]) => {
        if (!results.has(layer)) throw new ValueError(`taps: the forward pass did not come to ${name}`);
        return [name, results.get(layer)];
      }),
    ) as Record<N, any>;
  };
}
