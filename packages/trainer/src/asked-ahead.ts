import { dispose } from '@tensorflow/tfjs-core';
import { tensorsOfAnswer, tensorsOfBatch } from '@kd/core';
import type { Batch, TeacherAnswer } from '@kd/core';
import { nextTurn, turnsFromNow } from './event-loop.js';

/** What the teacher says to a batch; "aborted" if its signal ended the question. */
export type Answer = TeacherAnswer | undefined | 'aborted';

/** The batches of a step, which live until the next ones are taken, and the teacher's answers. */
export interface AskedGroup {
  readonly batches: readonly Batch[];
  /** The answer for one of the batches, for the caller to dispose. Take each one once, in order. */
  readonly answer: (index: number) => Promise<Answer>;
}

/** How an epoch asks its teacher. */
export interface Asking {
  readonly ask: (batch: Batch, signal: AbortSignal | undefined) => Promise<Answer>;
  readonly signal: AbortSignal | undefined;
  /** Whether the next batch and its answer would be the same before and after a step. */
  readonly mayAskAhead: boolean;
  /** How many groups there are at most. */
  readonly steps: number;
}

interface Question {
  readonly batch: Batch;
  pending?: Promise<Answer> | undefined;
}

/**
 * The groups of an epoch with a teacher that is one question ahead: it works on the next batch while the step
 * of this one runs. Questions and their errors keep their order.
 *
 * A teacher that answers within one turn of the event loop has computed on this thread. It is not asked ahead,
 * as nothing would run at the same time.
 */
export async function* askedAhead(
  groups: AsyncIterator<Batch[]>,
  { ask, signal, mayAskAhead, steps }: Asking,
): AsyncGenerator<AskedGroup> {
  const end = new AbortController();
  const signals = [end.signal, ...(signal === undefined ? [] : [signal])];
  const either = mayAskAhead ? AbortSignal.any(signals) : signal;
  let waits = mayAskAhead ? undefined : false;
  const held: Question[] = [];
  let taken = 0;
  const take = async (): Promise<Question[]> => {
    const next = taken++ < steps ? await groups.next() : undefined;
    const questions: Question[] = next?.done === false ? next.value.map((batch) => ({ batch })) : [];
    held.push(...questions);
    return questions;
  };
  const askAbout = (question: Question): Promise<Answer> =>
    (question.pending ??= ask(question.batch, either));
  // Errors reach whoever takes the answer, or the next group.
  const askAhead = async (inGroup: Question | undefined): Promise<void> => {
    const question = inGroup ?? (await (upcoming ??= take()).catch(() => []))[0];
    if (question === undefined) return;
    askAbout(question).catch(() => undefined);
    // A request leaves when the event loop turns, which it may not do during the step.
    await nextTurn();
  };
  let upcoming: Promise<Question[]> | undefined;
  try {
    for (;;) {
      const group = await (upcoming ?? take());
      upcoming = undefined;
      if (group.length === 0) return;
      yield {
        batches: group.map(({ batch }) => batch),
        answer: async (index) => {
          const question = group[index] as Question;
          const hasTurned = waits === undefined ? turnsFromNow() : undefined;
          const answer = await askAbout(question);
          question.pending = undefined;
          waits ??= hasTurned?.() ?? false;
          if (waits && answer !== 'aborted') await askAhead(group[index + 1]);
          return answer;
        },
      };
      dispose(held.splice(0, group.length).flatMap(({ batch }) => tensorsOfBatch(batch)));
    }
  } finally {
    end.abort();
    await upcoming?.catch(() => undefined);
    for (const { batch, pending } of held) {
      const answer = await pending?.catch(() => undefined);
      if (typeof answer === 'object') dispose(tensorsOfAnswer(answer));
      dispose(tensorsOfBatch(batch));
    }
    await groups.return?.();
  }
}
