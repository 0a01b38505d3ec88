import type { Batch, NamedWeight, Targets, Teacher, TeacherAnswer, Term } from '@kd/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expectTypeOf } from 'vitest';
import { buildObjective, defineRecipe, forInference } from './index.js';
import type {
  EvaluateRequest,
  Evaluation,
  ModuleStore,
  Objective,
  ObjectiveOptions,
  Recipe,
  Student,
} from './index.js';

declare const model: LayersModel;
declare const teacher: Teacher;
declare const term: Term;

const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
expectTypeOf(recipe).toEqualTypeOf<Recipe>();
defineRecipe({ student: { model, convention: 'sigmoid-logits' }, teacher, terms: [term, term] as const });
defineRecipe({
  student: { model, convention: { boxes: 'values', classes: { convention: 'logits', from: 'head/cls' } } },
  terms: [term],
});
// @ts-expect-error The convention of the student is required.
defineRecipe({ student: { model }, terms: [term] });
// @ts-expect-error Not a convention.
defineRecipe({ student: { model, convention: 'softmax' }, terms: [term] });
// @ts-expect-error Not a convention of one of several outputs.
defineRecipe({ student: { model, convention: { boxes: 'box' } }, terms: [term] });
// @ts-expect-error A model is not a teacher.
defineRecipe({ student: { model, convention: 'logits' }, teacher: model, terms: [term] });
// @ts-expect-error Terms are required.
defineRecipe({ student: { model, convention: 'logits' } });
// @ts-expect-error A misspelt part.
defineRecipe({ student: { model, convention: 'logits' }, terms: [term], teachers: teacher });

expectTypeOf(buildObjective).toEqualTypeOf<
  (recipe: Recipe, options?: ObjectiveOptions) => Promise<Objective>
>();
expectTypeOf<Objective['trainable']>().toEqualTypeOf<readonly NamedWeight[]>();
expectTypeOf<Objective['ask']>().toEqualTypeOf<
  (batch: Batch, signal?: AbortSignal) => Promise<TeacherAnswer | undefined>
>();
expectTypeOf<Objective['checkTargets']>().toEqualTypeOf<(targets: Targets) => Promise<void>>();
expectTypeOf<Objective['evaluate']>().toEqualTypeOf<(request: EvaluateRequest) => Evaluation>();
declare const objective: Objective;
// `variableGrads` accepts the total.
expectTypeOf<Evaluation['total']>().toEqualTypeOf<Scalar>();
expectTypeOf<Evaluation['losses'][string]>().toEqualTypeOf<Tensor>();
expectTypeOf<ObjectiveOptions['modules']>().toEqualTypeOf<ModuleStore | undefined>();
expectTypeOf<Evaluation['normalizers'][string]>().toEqualTypeOf<Tensor | number>();
declare const batch: Batch;
const time = { step: 0, epoch: 0 };
// @ts-expect-error answer is required, even if it is undefined.
objective.evaluate({ batch, time, training: true });
// @ts-expect-error training is required.
objective.evaluate({ batch, answer: undefined, time });

expectTypeOf(forInference).toEqualTypeOf<(student: Student) => LayersModel>();
// The trained student can be deployed.
forInference(recipe.student);
// @ts-expect-error A model alone does not say whether it needs a softmax.
forInference(model);
