import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Whether the collector takes what nothing but this reference holds. */
export async function collected(reference: WeakRef<object>): Promise<boolean> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // V8 keeps what a WeakRef was made of, or gave, to the end of the task.
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  return reference.deref() === undefined;
}
