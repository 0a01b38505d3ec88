import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, KdError, tensorsOfAnswer } from '@kd/core';
import type { Batch, Named, OutputInfo, Shape, TeacherAnswer, TeacherDescription } from '@kd/core';

interface Fault {
  readonly expected: string;
  readonly received: string;
}

/** What was asked of a teacher. */
export interface Asked {
  readonly outputs: readonly string[];
  readonly taps: number;
}

function unlikeDescribed(argument: string, fault: Fault): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where: 'the teacher',
    argument,
    ...fault,
    remedy: 'Compare the results of describe() and predict().',
  });
}

/** Throws unless a teacher's answer matches its description, and then disposes the answer. */
export function checkAnswer(
  answer: TeacherAnswer,
  description: TeacherDescription,
  batch: Batch,
  asked: Asked,
): void {
  // Answers stored by id need no inputs.
  const rows = Object.values(batch.inputs)[0]?.shape[0] ?? batch.ids?.length ?? 0;
  const fault = faultOf(answer, description, rows, asked);
  if (fault === undefined) return;
  dispose(tensorsOfAnswer(answer));
  throw unlikeDescribed('its answer', fault);
}

function faultOf(
  { members, taps }: TeacherAnswer,
  described: TeacherDescription,
  rows: number,
  asked: Asked,
): Fault | undefined {
  const shapesOfTaps = described.taps.slice(0, asked.taps).map(({ shape }) => shape);
  const ofTaps = faultOfTensors('taps', taps, shapesOfTaps, rows, ['float32']);
  if (ofTaps !== undefined || asked.outputs.length === 0) return ofTaps;
  for (const name of asked.outputs) {
    const { shape, convention } = described.outputs[name] as OutputInfo;
    const outputs = members.flatMap((member) => (Object(member.outputs) as Named)[name] ?? []);
    const types = convention === 'values' ? ['float32', 'int32'] : ['float32'];
    const what = `tensors of the output ${JSON.stringify(name)}`;
    const fault = faultOfTensors(what, outputs, members.map(() => shape), rows, types); // prettier-ignore
    if (fault !== undefined) return fault;
  }
  const sum = members.reduce((total, { weight }) => total + weight, 0);
  // A sum over no members is zero, so an empty mixture is refused too.
  return Math.abs(sum - 1) < 1e-5 && members.every(({ weight }) => weight >= 0)
    ? undefined
    : {
        expected: 'outputs with weights >= 0 that sum to one',
        received: `weights [${members.map(({ weight }) => weight).join(', ')}]`,
      };
}

function faultOfTensors(
  what: string,
  tensors: readonly Tensor[],
  shapes: readonly Shape[],
  rows: number,
  types: readonly string[],
): Fault | undefined {
  if (tensors.length !== shapes.length) {
    return { expected: `${String(shapes.length)} ${what}`, received: String(tensors.length) };
  }
  const expected = shapes.map((shape): Shape => [rows, ...shape.slice(1)]);
  const odd = tensors.findIndex(
    ({ dtype, shape }, index) => !types.includes(dtype) || !fits(shape, expected[index] ?? []),
  );
  const tensor = tensors[odd];
  if (tensor === undefined) return undefined;
  return {
    expected: `${types.join(' or ')} ${what} of shape ${describeShape(expected[odd] ?? [])}`,
    received: `${tensor.dtype} ${describeShape(tensor.shape)}`,
  };
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length && expected.every((size, axis) => size === null || size === shape[axis])
  );
}
