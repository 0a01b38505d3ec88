/** The place of one of several runs in their order. */
export interface Turn {
  /** Lets the next one go on, and resolves when all others had their turn. */
  readonly pass: () => Promise<void>;
  /** Lets the next one go on, and takes no part from then on. */
  readonly leave: () => void;
}

/** Lets several asynchronous runs go on one at a time, in a constant order; the first begins when all have arrived. */
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
