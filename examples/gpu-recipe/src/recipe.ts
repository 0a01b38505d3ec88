// Losses of three packages and the optimizer of a fourth in one recipe, on the GPU where there is one.
import { selectBackend } from '@kd/backend/node';
import { attentionTransfer } from '@kd/attention-transfer';
import { adamW } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { similarityPreserving } from '@kd/similarity-preserving';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { convolutionalNet } from './convolutional-net.js';
import { someDigits } from './digits.js';

const { device, package: packageName, skipped } = await selectBackend();
console.log(`Training on ${packageName}: ${device}.`);
if (!device.startsWith('GPU')) {
  const gpu = skipped.find(({ package: name }) => name === '@tensorflow/tfjs-node-gpu');
  console.log(
    `No GPU: @tensorflow/tfjs-node-gpu ${gpu?.reason ?? 'sees none'}. \`npx @kd/backend doctor\` tells more.`,
  );
}

const { train: data, validation } = await someDigits();
const options: TrainOptions = {
  data,
  validation: { data: validation },
  epochs: 3,
  batchSize: 64,
  optimizer: () => adamW({ learningRate: 0.002, weightDecay: 0.01, clipNorm: 5 }),
};

const teacher = convolutionalNet(16);
await train(
  defineRecipe({ student: { model: teacher, convention: 'logits' }, terms: [hardTarget()] }),
  options,
);

const taps = { student: 'middle', teacher: 'middle' };
const recipe = defineRecipe({
  student: { model: convolutionalNet(4), convention: 'logits' },
  teacher: layersTeacher(teacher, { convention: 'logits' }),
  terms: [
    softTarget({ temperature: 4, weight: 0.5 }),
    hardTarget({ weight: 0.5 }),
    attentionTransfer({ ...taps, weight: 100 }),
    similarityPreserving({ ...taps, weight: 100 }),
  ],
});
const { history } = await train(recipe, options);
for (const { epoch, losses, validation: measured } of history) {
  const terms = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toPrecision(3)}`);
  const accuracy = measured?.['accuracy']?.toFixed(3) ?? '';
  console.log(`epoch ${String(epoch + 1)}: ${terms.join(', ')}, accuracy ${accuracy}`);
}
