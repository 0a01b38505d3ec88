import { tensorsOfAnswer } from '@kd/core';
import type { OutputInfo, TeacherAnswer, TeacherRequest } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { asDescribed } from './check-answer.js';
import type { AnswerCheck } from './check-answer.js';

/** The answer of a single model from its values: the taps first, then the wanted outputs. */
export function answerOf(values: readonly Tensor[], { taps, outputs }: TeacherRequest): TeacherAnswer {
  const named = outputs.map((name, index) => [name, values[taps.length + index] as Tensor] as const);
  return {
    members: outputs.length === 0 ? [] : [{ outputs: Object.fromEntries(named), weight: 1 }],
    taps: values.slice(0, taps.length),
  };
}

/**
 * `answerOf`, with each output in the described shape and checked. The values are disposed if one is refused
 * or the signal aborts.
 */
export async function answered(
  values: readonly Tensor[],
  request: TeacherRequest,
  described: Readonly<Record<string, OutputInfo>>,
  check: AnswerCheck,
  rows: number | undefined,
): Promise<TeacherAnswer> {
  const infoOf = (name: string): OutputInfo => described[name] as OutputInfo;
  const shaped = values.map((value, index) => {
    const name = request.outputs[index - request.taps.length];
    return name === undefined ? value : inShape(value, infoOf(name));
  });
  const answer = answerOf(shaped, request);
  try {
    for (const { outputs } of answer.members)
      for (const [name, output] of Object.entries(outputs)) await check(output, name, infoOf(name), rows);
    request.signal?.throwIfAborted();
  } catch (error) {
    dispose(tensorsOfAnswer(answer));
    throw error;
  }
  return answer;
}

function inShape(value: Tensor, { shape }: OutputInfo): Tensor {
  const shaped = asDescribed(value, shape);
  if (shaped !== value) dispose(value);
  return shaped;
}
