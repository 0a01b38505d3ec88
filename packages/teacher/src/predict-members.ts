import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { askTeacher, tensorsOfAnswer } from '@kd/core';
import type { Batch, TeacherAnswer, TeacherRequest } from '@kd/core';
import { askMembers } from './ask-members.js';
import type { EnsembleMember } from './ensemble-members.js';

/** The answers of all members side by side, each with its weight in the whole. */
export async function predictMembers(
  members: readonly EnsembleMember[],
  batch: Batch,
  request: TeacherRequest,
): Promise<TeacherAnswer> {
  const { outputs, taps, signal } = request;
  const { answers, taps: values } = await askMembers<Tensor, TeacherAnswer>(members, taps, {
    ask: async (teacher, own) => {
      if (outputs.length === 0 && own.length === 0) return { members: [], taps: [] };
      return askTeacher(teacher, batch, { ...request, taps: own });
    },
    release,
    signal,
  });
  return {
    members: answers.flatMap((answer, index) =>
      answer.members.map((member) => ({
        outputs: member.outputs,
        weight: member.weight * (members[index]?.weight ?? 0),
      })),
    ),
    taps: values,
  };
}

function release(answer: TeacherAnswer): void {
  dispose(tensorsOfAnswer(answer));
}
