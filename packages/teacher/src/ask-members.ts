import { describeValue, errorAt, KdError } from '@kd/core';
import type { Tap, Teacher } from '@kd/core';
import { where } from './ensemble-members.js';
import type { EnsembleMember } from './ensemble-members.js';
import { inOrder, tapsByMember } from './member-taps.js';

/** The request to each member of an ensemble. */
export interface Question<Answer> {
  readonly ask: (teacher: Teacher, taps: readonly Tap[]) => Promise<Answer>;
  /** Frees an answer that is not needed because another member failed. */
  readonly release: (answer: Answer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Asks all members at once, each for its taps; if one fails, throws an error that names it. */
export async function askMembers<Value, Answer extends { readonly taps: readonly Value[] }>(
  members: readonly EnsembleMember[],
  taps: readonly Tap[],
  { ask, release, signal }: Question<Answer>,
): Promise<{ answers: Answer[]; taps: Value[] }> {
  const names = members.map(({ name }) => name);
  const own = tapsByMember(names, taps);
  const settled = await Promise.allSettled(
    // An async function, so that a member that throws synchronously is treated like one that rejects.
    members.map(async ({ teacher }, index) =>
      ask(
        teacher,
        (own[index] ?? []).map(({ tap }) => tap),
      ),
    ),
  );
  const answers = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = settled.findIndex(({ status }) => status === 'rejected');
  if (failed === -1)
    return {
      answers,
      taps: inOrder(
        own,
        answers.map((answer) => answer.taps),
      ),
    };
  answers.forEach(release);
  signal?.throwIfAborted();
  throw failureOf(names[failed] ?? '', (settled[failed] as PromiseRejectedResult).reason);
}

/** A member's error with the member's name added; a `KdError` keeps its code and its text. */
function failureOf(name: string, cause: unknown): unknown {
  if (KdError.isInstance(cause))
    return errorAt(cause, (before) => `${before}, member ${JSON.stringify(name)} of ${where}`);
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: `member ${JSON.stringify(name)}`,
    expected: 'a teacher that answers',
    received: cause instanceof Error ? `the error "${cause.message}"` : describeValue(cause),
    remedy: 'See the cause of this error.',
    cause,
  });
}
