const last = new Map<string, Promise<void>>();

/** Runs the saves to one directory one after the other, in the order of their calls, whether or not the caller awaits them. */
export async function inTurn(directory: string, save: () => Promise<void>): Promise<void> {
  const turn = (last.get(directory) ?? Promise.resolve()).then(save);
  const settled = turn.catch(() => undefined);
  last.set(directory, settled);
  try {
    await turn;
  } finally {
    if (last.get(directory) === settled) last.delete(directory);
  }
}
