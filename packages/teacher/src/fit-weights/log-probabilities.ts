import { askTeacher, conventions, describeTeacher, KdError, tensorsOfAnswer } from '@kd/core';
import type { Batch, Convention, OutputInfo, Teacher, TeacherMember } from '@kd/core';
import { add, dispose, exp, log, logSoftmax, logSumExp, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { chooseOutput } from '../outputs/wanted.js';

/** An output of a member. */
export interface AskedOutput {
  readonly name: string;
  readonly convention: Convention;
}

/** The output of a member to ask for; throws unless it is of classes. */
export async function askedOutput(
  where: string,
  member: string,
  teacher: Teacher,
  chosen: string | undefined,
): Promise<AskedOutput> {
  const { outputs } = await describeTeacher(teacher, { taps: [] });
  const argument = chosen === undefined ? 'options.output' : `the output of member ${JSON.stringify(member)}`;
  const name = chooseOutput(where, argument, chosen, outputs);
  const { convention } = outputs[name] as OutputInfo;
  if (conventions[convention].family === 'classes') return { name, convention };
  throw new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: `member ${JSON.stringify(member)}`,
    expected: 'a teacher with logits or probabilities of classes',
    received: convention,
    remedy:
      'Choose the weights for other outputs by hand: they can be fitted only if exactly one class is right.',
  });
}

/** Logarithms of what a member says of a batch, read back. */
export async function logProbabilitiesOf(
  teacher: Teacher,
  batch: Batch,
  { name, convention }: AskedOutput,
): Promise<{ values: Float32Array; shape: number[] }> {
  const answer = await askTeacher(teacher, batch, { outputs: [name], taps: [] });
  try {
    const mixed = tidy(() => mixture(answer.members, name, convention));
    const [values, shape] = [(await mixed.data()) as Float32Array, mixed.shape];
    dispose(mixed);
    return { values, shape };
  } finally {
    dispose(tensorsOfAnswer(answer));
  }
}

/** An ensemble among the members counts as one teacher: the mixture of its members. */
function mixture(members: readonly TeacherMember[], name: string, convention: Convention): Tensor {
  const areLogits = conventions[convention].scale === 'logits';
  const logarithms = members
    .filter(({ weight }) => weight > 0)
    .map(({ outputs, weight }) => {
      const output = outputs[name] as Tensor;
      return add(areLogits ? logSoftmax(output) : log(output), Math.log(weight));
    });
  const [only] = logarithms;
  if (logarithms.length === 1 && only !== undefined) return only;
  // The logarithm of zero is minus infinity, and logSumExp turns that into NaN if all members have it.
  return areLogits
    ? logSumExp(stack(logarithms), 0)
    : log(logarithms.map((each) => exp(each)).reduce((sum, each) => add(sum, each)));
}
