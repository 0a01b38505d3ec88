import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Teacher, TeacherPrediction } from '@kd/core';
import { askMembers, incomplete } from './ask-members.js';
import type { EnsembleMember } from './ensemble-members.js';

/** The answers of all members side by side, each with its weight in the whole. */
export async function predictMembers(
  members: readonly EnsembleMember[],
  batch: Batch,
  { taps, signal }: Parameters<Teacher['predict']>[1],
): Promise<TeacherPrediction> {
  const passed = signal === undefined ? {} : { signal };
  const { answers, taps: values } = await askMembers<Tensor, TeacherPrediction>(members, taps, {
    ask: async (teacher, own) => withOutput(await teacher.predict(batch, { taps: own, ...passed })),
    release,
    signal,
  });
  return {
    members: answers.flatMap((answer, index) =>
      answer.members.map(({ output, weight }) => ({
        output,
        weight: weight * (members[index]?.weight ?? 0),
      })),
    ),
    taps: values,
  };
}

function withOutput(answer: TeacherPrediction): TeacherPrediction {
  if (answer.members.length > 0) return answer;
  release(answer);
  throw incomplete('at least one output', 'no outputs');
}

function release({ members, taps }: TeacherPrediction): void {
  dispose([...members.map(({ output }) => output), ...taps]);
}
