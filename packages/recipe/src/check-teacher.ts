import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeShape, KdError } from '@kd/core';
import type { Batch, Shape, Tap, TeacherDescription, TeacherPrediction } from '@kd/core';

interface Fault {
  readonly expected: string;
  readonly received: string;
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

/** Throws unless a description has every requested tap. */
export function checkDescription({ taps }: TeacherDescription, asked: readonly Tap[]): void {
  if (taps.length === asked.length) return;
  const fault = { expected: `of ${String(asked.length)} taps`, received: String(taps.length) };
  throw unlikeDescribed('its description', fault);
}

/** Throws unless a teacher's answer matches its description, and then disposes the answer. */
export function checkPrediction(
  prediction: TeacherPrediction,
  description: TeacherDescription,
  batch: Batch,
  outputs: boolean,
): void {
  const rows = Object.values(batch.inputs)[0]?.shape[0] ?? 0;
  const isWithoutOutputs = !outputs && prediction.members.length === 0;
  const fault = isWithoutOutputs
    ? faultOfTensors('float32 taps', prediction.taps, description.taps, rows)
    : faultOf(prediction, description, rows);
  if (fault === undefined) return;
  dispose([...prediction.members.map(({ output }) => output), ...prediction.taps]);
  throw unlikeDescribed('its prediction', fault);
}

function faultOf(
  { members, taps }: TeacherPrediction,
  described: TeacherDescription,
  rows: number,
): Fault | undefined {
  const sum = members.reduce((total, { weight }) => total + weight, 0);
  return (
    faultOfTensors(
      'float32 outputs',
      members.map(({ output }) => output),
      members.map(() => described.output.shape),
      rows,
    ) ??
    faultOfTensors('float32 taps', taps, described.taps, rows) ??
    // A sum over no members is zero, so an empty mixture is refused too.
    (Math.abs(sum - 1) < 1e-5 && members.every(({ weight }) => weight >= 0)
      ? undefined
      : {
          expected: 'outputs with weights >= 0 that sum to one',
          received: `weights [${members.map(({ weight }) => weight).join(', ')}]`,
        })
  );
}

function faultOfTensors(
  what: string,
  tensors: readonly Tensor[],
  shapes: readonly Shape[],
  rows: number,
): Fault | undefined {
  if (tensors.length !== shapes.length) {
    return { expected: `${String(shapes.length)} ${what}`, received: String(tensors.length) };
  }
  const expected = shapes.map((shape): Shape => [rows, ...shape.slice(1)]);
  const odd = tensors.findIndex(
    ({ dtype, shape }, index) => dtype !== 'float32' || !fits(shape, expected[index] ?? []),
  );
  const tensor = tensors[odd];
  if (tensor === undefined) return undefined;
  return {
    expected: `${what} of shape ${describeShape(expected[odd] ?? [])}`,
    received: `${tensor.dtype} ${describeShape(tensor.shape)}`,
  };
}

function fits(shape: Shape, expected: Shape): boolean {
  return (
    shape.length === expected.length && expected.every((size, axis) => size === null || size === shape[axis])
  );
}
