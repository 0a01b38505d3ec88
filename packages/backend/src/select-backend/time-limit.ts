const interval = 250;

/**
 * What `work` gives, or a rejection once it has kept others waiting for so many seconds. Time in which JavaScript stood still does
 * not count: a large library that loads, or a shader that compiles, holds the thread, and is no sign that nothing more will come.
 *
 * The timer keeps a process alive that has nothing else to do, which would otherwise end without a word.
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
