import PQueue from 'p-queue';

/** Something to ask, and the key under which its answer is kept. */
export interface Question<Answer> {
  readonly key: string;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
}

/** Asks each question once. */
export interface AskedOnce<Answer> {
  /** The answers in the order of the questions. */
  readonly answers: (
    questions: readonly Question<Answer>[],
    signal: AbortSignal | undefined,
  ) => Promise<Answer[]>;
  /** Drops the answers. */
  readonly forget: () => void;
}

/** Asks so many questions at a time, and keeps every answer. */
export function askedOnce<Answer>(concurrency: number): AskedOnce<Answer> {
  const queue = new PQueue({ concurrency });
  const known = new Map<string, Answer>();
  return {
    answers: async (questions, signal) => {
      signal?.throwIfAborted();
      const open = new Map(questions.filter(({ key }) => !known.has(key)).map((one) => [one.key, one]));
      const faults: unknown[] = [];
      await untilAborted([...open.values()], signal, ({ key, ask }, unwanted) =>
        queue.add(
          async () => {
            // After a fault nothing more is sent; what is under way is paid for, and its answer is kept.
            if (faults.length > 0) return;
            await ask(unwanted).then(
              (answer) => known.set(key, answer),
              (error: unknown) => faults.push(error),
            );
          },
          { signal: unwanted },
        ),
      );
      if (faults.length > 0) throw faults[0];
      return questions.map(({ key }) => known.get(key) as Answer);
    },
    forget: () => {
      known.clear();
    },
  };
}

/** Runs something for each item, with a signal of its own: Node warns of many listeners on one signal. */
async function untilAborted<Item>(
  items: readonly Item[],
  signal: AbortSignal | undefined,
  run: (item: Item, unwanted: AbortSignal) => Promise<void>,
): Promise<void> {
  const ends = items.map(() => new AbortController());
  const abort = (): void => {
    for (const end of ends) end.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  try {
    await Promise.all(items.map((item, index) => run(item, (ends[index] as AbortController).signal)));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
