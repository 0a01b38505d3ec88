const interval = 250;

/**
 * The result of `work`, or a rejection after this many seconds of waiting. Time during which JavaScript was
 * blocked does not count: a large library that loads or a shader that compiles blocks the thread, and an
 * answer may still come.
 *
 * The timer keeps the process alive, which would otherwise end silently if it had nothing else to do.
 */
export async function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  let left = seconds * 1000;
  let timer: ReturnType<typeof setInterval> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      left -= interval;
      if (left <= 0) reject(new Error(`it did not answer within ${String(seconds)} seconds`));
    }, interval);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearInterval(timer);
  }
}
