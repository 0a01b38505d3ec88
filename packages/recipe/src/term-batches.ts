import type { Tensor } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { Batch, ModuleState, TeacherDescription } from '@kd/core';
import type { ForwardResult } from '@kd/model';
import type { TeacherPrediction, TermBatch, TrainingTime } from '@kd/core';
import type { Recipe } from './recipe.js';
import type { TapPlan } from './tap-plan.js';

/** What an objective knows before the first step. */
export interface Prepared {
  readonly recipe: Recipe;
  readonly taps: TapPlan;
  /** Absent without a teacher. */
  readonly description: TeacherDescription | undefined;
  /** Built modules by name. */
  readonly states: Readonly<Record<string, ModuleState>>;
}

/** The inputs of a step. */
export interface StepInput {
  readonly batch: Batch;
  /** The teacher's answer for this batch, from `ask`; undefined without a teacher. */
  readonly prediction: TeacherPrediction | undefined;
  readonly time: TrainingTime;
}

/** What each term receives: its own taps, and everything else shared. */
export function termBatches(
  { recipe: { student, terms }, taps, description, states }: Prepared,
  { batch, prediction, time }: StepInput,
  { outputs, taps: tapped }: ForwardResult,
): TermBatch[] {
  const pick = (from: readonly Tensor[], positions: readonly number[] = []): Tensor[] =>
    positions.map((at) => from[at] as Tensor);
  return terms.map(({ name }, index) => ({
    student: {
      get output(): Tensor {
        return outputs[0] ?? notComputed(name);
      },
      convention: student.convention,
      taps: pick(tapped, taps.ofTerm[index]?.student),
    },
    ...(prediction === undefined || description === undefined
      ? {}
      : {
          teacher: {
            members: prediction.members,
            convention: description.output.convention,
            taps: pick(prediction.taps, taps.ofTerm[index]?.teacher),
          },
        }),
    batch,
    time,
    modules: states,
  }));
}

function notComputed(name: string): never {
  throw new KdError({
    code: 'KD_TERM_INVALID',
    where: `the term ${JSON.stringify(name)}`,
    argument: 'student.output',
    expected: 'unused by a term with usesOutputs: false',
    received: 'a read',
    remedy: 'Remove usesOutputs: false, so that the outputs are computed.',
  });
}
