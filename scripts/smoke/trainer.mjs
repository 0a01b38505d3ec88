import '@tensorflow/tfjs-backend-cpu';
import { tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';

const model = sequential({
  layers: [layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros' })],
});
const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
const inputs = tensor2d([
  [1, 0],
  [0, 1],
]);
const data = { inputs, labels: tensor1d([0, 1], 'int32') };
const run = await train(recipe, {
  data,
  epochs: 5,
  optimizer: () => optimizers.sgd(1),
  validation: { data },
});
// As the section "Recurrent layers" of the package's README says.
const lstm = (options) => sequential({ layers: [layers.lstm({ units: 2, inputShape: [3, 2], ...options })] });
if (lstm({ recurrentInitializer: 'glorotNormal' }).countParams() !== 40) throw new Error('no lstm');
let failure = 'none';
try {
  lstm({});
} catch ({ message }) {
  failure = message;
}
// A bundler renames the variable.
if (!failure.endsWith('.flatten is not a function')) throw new Error(`The fault of an lstm is ${failure}`);

if (run.history.length !== 5) throw new Error(`${run.history.length} of 5 epochs`);
if (run.history.at(-1).total >= run.history[0].total) throw new Error('The loss did not fall');
console.log('works');
