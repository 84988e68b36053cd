/** Runs a body, synchronous or not, and `end` when it is over, however it ends. */
export function during<R>(body: () => R, end: () => void): R {
  let result: R;
  try {
    result = body();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as R;
  end();
  return result;
}
