import { askTeacher } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type {
  Batch,
  Named,
  NamedWeight,
  Targets,
  TeacherAnswer,
  TeacherDescription,
  TrainingTime,
} from '@kd/core';
import { namedWeights } from '@kd/model';
import { checkAnswer } from './check-teacher.js';
import { checkNamesOfWeights } from './check-names.js';
import { checkNotShared } from './check-not-shared.js';
import { checkTargets } from './check-targets.js';
import { evaluate } from './evaluate.js';
import type { EvaluateRequest, Evaluation } from './evaluate.js';
import { laterSteps } from './later-steps.js';
import type { LaterSteps } from './later-steps.js';
import { lossesOfStep } from './losses-of-step.js';
import type { LossesOfStep, StepValues } from './losses-of-step.js';
import { numbersAt } from './numbers-of-step.js';
import type { StepNumbers } from './numbers-of-step.js';
import type { KnownTeacher } from './known-side.js';
import type { Prepared, PreparedTerm } from './prepared.js';
import type { Recipe } from './recipe.js';

/** A differentiable objective on a student. */
export interface Objective {
  readonly recipe: Recipe;
  /**
   * All trained variables in a constant order: the trainable weights of the student, then those of modules.
   */
  readonly trainable: readonly NamedWeight[];
  /** What to save of the modules of terms, under `module/variable`: trained variables and state. */
  readonly moduleWeights: readonly NamedWeight[];
  /** The constants of modules. */
  readonly constants: readonly Tensor[];
  /** The teacher's description; undefined without a teacher. */
  readonly teacher: TeacherDescription | undefined;
  /**
   * Rejects targets that the terms cannot use. Reads them back: once for data in memory, outside the step for
   * streams.
   */
  checkTargets(targets: Targets): Promise<void>;
  /**
   * One forward pass of the teacher, outside the tape, for what terms read: none if they read nothing. The
   * caller disposes the tensors.
   */
  ask(batch: Batch, signal?: AbortSignal): Promise<TeacherAnswer | undefined>;
  /** One forward pass of the student, and all losses. Call it under the tape, or in `tf.tidy`. */
  evaluate(request: EvaluateRequest): Evaluation;
  /** The numbers of a step that schedules change, for `losses`. Throws if one of them is invalid. */
  numbersAt(time: TrainingTime, shares?: Readonly<Record<string, number>>): StepNumbers;
  /** What `evaluate` computes, from tensors alone, so that a backend can write it down. */
  losses(values: StepValues): LossesOfStep;
  /** What to do with a step once it is over; keeps the tensors that `losses` has passed on. */
  later(carries: readonly Named[]): LaterSteps;
  /** Frees the modules of the terms, but neither student nor teacher. */
  dispose(): void;
}

/** The objective of terms that are checked and whose modules are built. */
export function objectiveOf(
  prepared: Prepared,
  asked: KnownTeacher | undefined,
  dispose: () => void,
): Objective {
  const { recipe, terms } = prepared;
  const studentWeights = namedWeights(recipe.student.model);
  const trained = studentWeights.filter(({ trainable }) => trainable);
  const modules = [...new Set(terms.flatMap((term) => Object.values(term.modules)))];
  const learning = new Set(
    terms.flatMap(({ term, modules: built }) =>
      Object.entries(term.modules).flatMap(([key, module]) => (module.frozen ? [] : [built[key]])),
    ),
  );
  const moduleWeights = modules.flatMap(({ weights }) => weights);
  checkNamesOfWeights(moduleWeights, studentWeights);
  const outputs = [...new Set(outputsOfTeacher(terms))];
  const trainable = [
    ...trained,
    ...modules.flatMap((built) =>
      learning.has(built) ? built.weights.filter((weight) => weight.trainable) : [],
    ),
  ];
  checkNotShared('buildObjective', trainable, asked?.description);
  return {
    recipe,
    trainable,
    moduleWeights,
    constants: modules.flatMap(({ constants }) => constants),
    teacher: asked?.description,
    checkTargets: (targets) => checkTargets(targets, terms),
    ask: async (batch, signal) => {
      const { teacher } = recipe;
      if (teacher === undefined || asked === undefined) return undefined;
      if (outputs.length === 0 && asked.taps.length === 0) return { members: [], taps: [] };
      const answer = await askTeacher(teacher, batch, {
        taps: asked.taps,
        outputs,
        ...(signal === undefined ? {} : { signal }),
      });
      checkAnswer(answer, asked.description, batch, { outputs, taps: asked.taps.length });
      return answer;
    },
    evaluate: (request) => evaluate(prepared, request),
    numbersAt: (time, shares = {}) => numbersAt(recipe.terms, time, shares),
    losses: (values) => lossesOfStep(prepared, values),
    later: (carries) => laterSteps(terms, carries),
    dispose,
  };
}

/** The outputs that terms read of the teacher. */
function outputsOfTeacher(terms: readonly PreparedTerm[]): string[] {
  return terms.flatMap(({ sources }) =>
    Object.values(sources.teacher)
      .flat()
      .flatMap((source) => (source.kind === 'output' ? [source.name] : [])),
  );
}
