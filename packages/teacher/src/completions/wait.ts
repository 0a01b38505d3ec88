/** Waits; rejects with the reason of a signal that is aborted meanwhile. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(end, Math.max(0, milliseconds));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
