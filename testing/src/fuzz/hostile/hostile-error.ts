/** What hostile values throw themselves: passing it on is right. */
export class HostileError extends Error {
  override readonly name: string = 'HostileError';
}

/** Whether a hostile value caused an error by itself: it threw, is an aborted signal or a class. */
export function isHostile(error: unknown): boolean {
  if (error instanceof HostileError) return true;
  const { name, message } = Object(error) as Partial<Error>;
  return (
    name === 'AbortError' ||
    name === 'TimeoutError' ||
    message?.startsWith('Class constructor Hostile') === true
  );
}

export function throwHostileError(): never {
  throw new HostileError('a hostile value threw this');
}
