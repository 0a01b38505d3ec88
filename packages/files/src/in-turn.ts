const last = new Map<string, Promise<unknown>>();

/**
 * Runs this process's writes to one directory one after the other, in the order of the calls, even if the
 * caller does not await them.
 */
export async function inTurn<T>(directory: string, write: () => Promise<T>): Promise<T> {
  const turn = (last.get(directory) ?? Promise.resolve()).then(write);
  const settled = turn.catch(() => undefined);
  last.set(directory, settled);
  try {
    return await turn;
  } finally {
    if (last.get(directory) === settled) last.delete(directory);
  }
}
