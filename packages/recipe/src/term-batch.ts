import { cast, expandDims, randomUniform, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { seededUniform, subSeed } from '@kd/core';
import type { Batch, Named, Shape, TargetPlace, TeacherAnswer, TermBatch } from '@kd/core';
import { lacksColumn } from './check-target.js';
import { callableModules } from './callable-parts.js';
import type { StepContext } from './callable-parts.js';
import type { Counts } from './counts.js';
import type { PreparedTerm } from './prepared.js';
import { scalarsOf } from './numbers-of-step.js';
import { outputOfTarget } from './output-of-target.js';
import { mapValues } from './sources.js';
import { valuesOf } from './side-values.js';

/** The values of a step that terms read. */
export interface ReadValues {
  readonly batch: Batch;
  /** The student as an answer with one member. */
  readonly student: TeacherAnswer;
  readonly teacher: TeacherAnswer | undefined;
  readonly datasetSize: number | undefined;
}

/** What a term receives: exactly what it reads. */
export function termBatchOf(
  { term, sources, modules }: PreparedTerm,
  { batch, student, teacher, datasetSize }: ReadValues,
  numbers: Named,
  counts: Counts,
  context: StepContext,
): TermBatch {
  const { name, reads } = term;
  let drawn = 0;
  const { seed } = context;
  const random: TermBatch['random'] = (shape) =>
    seed === undefined
      ? randomUniform([...shape])
      : seededUniform(shape, seed, subSeed(0, 'random', name, drawn++));
  return {
    student: valuesOf('student', sources.student, student, counts) as TermBatch['student'],
    teacher: valuesOf('teacher', sources.teacher, teacher, counts) as TermBatch['teacher'],
    targets: mapValues(reads.targets ?? {}, (place, key) =>
      targetOf(
        place,
        (batch.targets as Named)[place.target ?? key] as Tensor,
        outputOfTarget(key, place.as, sources.student)?.shape,
        counts,
      ),
    ),
    inputs: mapValues(reads.inputs ?? {}, (input) => counts.blank(batch.inputs[input] as Tensor)),
    rows: (reads.rows === true ? batch.rows : undefined) as never,
    mask: (reads.mask === true ? batch.mask : undefined) as never,
    datasetSize,
    modules: callableModules(name, modules, (key) => term.modules[key]?.frozen === true, context),
    scalars: scalarsOf(numbers, term),
    random,
    training: context.training,
  };
}

/**
 * Class ids as int32, without the last axis of a column; everything else as float32, values with such an axis
 * if their output has one.
 */
function targetOf({ as }: TargetPlace, given: Tensor, output: Shape | undefined, counts: Counts): Tensor {
  if (as !== 'class-ids') {
    const isShort = as === 'values' && output !== undefined && lacksColumn(given, output);
    return counts.blank(withType(isShort ? expandDims(given, -1) : given, 'float32'));
  }
  const isColumn = given.rank === output?.length && given.shape.at(-1) === 1;
  const ids = isColumn ? reshape(given, given.shape.slice(0, -1)) : given;
  return withType(counts.blankIds(ids), 'int32');
}

function withType(tensor: Tensor, dtype: 'int32' | 'float32'): Tensor {
  return tensor.dtype === dtype ? tensor : cast(tensor, dtype);
}
