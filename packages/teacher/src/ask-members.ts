import { describeValue, errorAt, KdError } from '@kd/core';
import type { Tap, Teacher } from '@kd/core';
import { where } from './ensemble-members.js';
import type { EnsembleMember } from './ensemble-members.js';
import { inOrder, tapsByMember } from './member-taps.js';

/** What every member of an ensemble is asked. */
export interface Question<Answer> {
  readonly ask: (teacher: Teacher, taps: readonly Tap[]) => Promise<Answer>;
  /** Frees an answer that is of no use, because another member failed. */
  readonly release: (answer: Answer) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Asks all members at once, each for its own taps; throws if one fails, naming it. */
export async function askMembers<Value, Answer extends { readonly taps: readonly Value[] }>(
  members: readonly EnsembleMember[],
  taps: readonly Tap[],
  { ask, release, signal }: Question<Answer>,
): Promise<{ answers: Answer[]; taps: Value[] }> {
  const names = members.map(({ name }) => name);
  const own = tapsByMember(names, taps);
  const settled = await Promise.allSettled(
    // An async function, so that a member which throws at once is no other than one which rejects.
    members.map(async ({ teacher }, index) => {
      const asked = (own[index] ?? []).map(({ tap }) => tap);
      const answer = await ask(teacher, asked);
      if (answer.taps.length === asked.length) return answer;
      release(answer);
      throw incomplete(`${String(asked.length)} taps`, `${String(answer.taps.length)} taps`);
    }),
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

/** The error of an answer that lacks something. */
export function incomplete(expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where: 'the teacher',
    argument: 'its answer',
    expected: `complete, with ${expected}`,
    received,
    remedy: 'Answer with an output and with one value for each tap that was asked for.',
  });
}

/** The error of a member, with the member's name; a `KdError` keeps its code and says what it said. */
function failureOf(name: string, cause: unknown): unknown {
  if (KdError.isInstance(cause))
    return errorAt(cause, (before) => `${before}, member ${JSON.stringify(name)} of ${where}`);
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: `member ${JSON.stringify(name)}`,
    expected: 'a teacher that answers',
    received: cause instanceof Error ? `the error "${cause.message}"` : describeValue(cause),
    remedy: 'Look at the cause of this error.',
    cause,
  });
}
