/** The turn of one of several runs. */
export interface Turn {
  /** Lets the next run continue, and resolves after all others had their turn. */
  readonly pass: () => Promise<void>;
  /** Lets the next run continue, and takes no further part. */
  readonly leave: () => void;
}

/**
 * Lets several asynchronous runs take turns in a constant order. The first one starts when all have arrived.
 */
export function turns(count: number): readonly Turn[] {
  const order = Array.from({ length: count }, (_, index) => index);
  const waiting = new Map<number, () => void>();
  const taking = new Set(order);
  let begun = false;
  const goOnAfter = (index: number): void => {
    if (!begun && waiting.size < taking.size) return;
    begun = true;
    const next = [...order.slice(index + 1), ...order.slice(0, index + 1)].find((one) => taking.has(one));
    const resume = waiting.get(next ?? -1);
    waiting.delete(next ?? -1);
    resume?.();
  };
  return order.map((index) => ({
    pass: () =>
      new Promise<void>((resolve) => {
        waiting.set(index, resolve);
        goOnAfter(begun ? index : -1);
      }),
    leave: () => {
      if (!taking.delete(index)) return;
      waiting.delete(index);
      goOnAfter(begun ? index : -1);
    },
  }));
}
