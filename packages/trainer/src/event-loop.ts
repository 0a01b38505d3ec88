/** Returns a function that says whether the event loop has turned since. */
export function turnsFromNow(): () => boolean {
  let turned = false;
  const timer = setTimeout(() => (turned = true), 0);
  return () => {
    clearTimeout(timer);
    return turned;
  };
}

/** Lets the event loop turn once. A page would wait 4 ms for a timer. */
export async function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
  port1.close();
}
