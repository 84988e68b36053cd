/** The name and the whole text of the error that a call throws. */
export function message(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return `${(error as Error).name} ${(error as Error).message}`;
  }
  return 'no error';
}
