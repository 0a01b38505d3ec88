import { hint } from '@kd/hint-regressor';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { arraysTeacher, cachedTeacher, layersTeacher } from '@kd/teacher';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { build } from '../nets/index.js';
import type { BuiltNet } from '../nets/index.js';
import type { Work } from '../works.js';
import type { Examples } from './examples.js';

/** What a work trains. */
export interface Trained {
  readonly recipe: Recipe;
  /** Layers to train, if not all. */
  readonly trainable?: readonly string[];
}

const convention = 'logits';

/** The recipe of a work. */
export async function recipeOf(work: Work, examples: Examples): Promise<Trained> {
  const { builder, width, teacherWidth, step, temperature, softWeight } = work;
  const net = build(builder, width);
  const student = { model: net.model, convention } as const;
  if (step === 'plain') return { recipe: defineRecipe({ student, terms: [hardTarget()] }) };
  const taught = build(builder, teacherWidth);
  const live = layersTeacher(taught.model, { convention });
  if (step === 'hint') {
    const term = hint({ student: middleOf(net), teacher: middleOf(taught), reduction: 'mean' });
    return { recipe: defineRecipe({ student, teacher: live, terms: [term] }), trainable: lowerLayers(net) };
  }
  const teacher =
    step === 'kd'
      ? live
      : step === 'kd-cached'
        ? cachedTeacher(live)
        : arraysTeacher(await answersOf(taught.model, work, examples), { convention });
  const terms = [softTarget({ temperature, weight: softWeight }), hardTarget({ weight: 1 - softWeight })];
  return { recipe: defineRecipe({ student, teacher, terms }) };
}

function middleOf({ middle }: BuiltNet): string {
  if (middle === undefined) throw new Error('This net has no middle for a hint.');
  return middle;
}

/** The layers of a sequential net up to its middle. */
function lowerLayers(net: BuiltNet): string[] {
  const names = net.model.layers.map(({ name }) => name);
  return names.slice(0, names.indexOf(middleOf(net)) + 1);
}

/** The teacher's logits by the id of the example. */
async function answersOf(
  model: LayersModel,
  { batch }: Work,
  { inputs, ids }: Examples,
): Promise<ReadonlyMap<string, Float32Array>> {
  const x = tensor(inputs.values, inputs.shape);
  const logits = model.predict(x, { batchSize: batch }) as Tensor;
  const values = Float32Array.from(await logits.data());
  x.dispose();
  logits.dispose();
  const width = values.length / ids.length;
  return new Map(ids.map((id, row) => [id, values.subarray(row * width, (row + 1) * width)]));
}
