import '@tensorflow/tfjs-backend-cpu';
import { ones, square, squeeze, tidy } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineTerm } from '@kd/core';
import { buildObjective, defineRecipe, forInference } from '@kd/recipe';

const model = sequential({
  layers: [layers.dense({ units: 1, inputShape: [3], kernelInitializer: 'ones' })],
});
const squares = defineTerm({
  name: 'squares',
  reduces: 'example',
  reads: { student: { logits: { as: 'sigmoid-logits' } } },
  loss: ({ student: { logits } }) => ({ values: squeeze(square(logits), [1]) }),
});
const recipe = defineRecipe({ student: { model, convention: 'sigmoid-logits' }, terms: [squares] });
const objective = await buildObjective(recipe);
const batch = { inputs: { x: ones([2, 3]) } };
const request = { batch, answer: undefined, time: { step: 0, epoch: 0 }, training: false };
const [total] = await tidy(() => objective.evaluate(request).total).data();
if (total !== 9) throw new Error(`The objective is ${total}`);
const [p] = await forInference(recipe.student).predict(batch.inputs.x).data();
if (Math.abs(p - 1 / (1 + Math.exp(-3))) > 1e-6) throw new Error(`forInference gave ${p}`);
console.log('works');
