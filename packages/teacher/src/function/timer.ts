/** A timer that runs at most once at a time. */
export interface Timer {
  /** Starts it, unless it is running. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** Calls `end` after `milliseconds`, counted from its start; never if these are undefined. */
export function timer(milliseconds: number | undefined, end: () => void): Timer {
  let running: ReturnType<typeof setTimeout> | undefined;
  return {
    start: () => {
      if (milliseconds !== undefined) running ??= setTimeout(end, milliseconds);
    },
    stop: () => {
      clearTimeout(running);
      running = undefined;
    },
  };
}
