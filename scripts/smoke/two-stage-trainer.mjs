import '@tensorflow/tfjs-backend-cpu';
import { train } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { trainInTwoStages } from '@kd/two-stage-trainer';

const model = sequential({
  layers: [
    layers.dense({ name: 'a', units: 3, inputShape: [2] }),
    layers.dense({ name: 'logits', units: 2 }),
  ],
});
const output = { convention: 'logits', shape: [null, 2] };
const teacher = {
  describe: () => Promise.resolve({ outputs: { output }, taps: [], fingerprint: 'ones', frozen: true }),
  predict: ({ inputs: { input } }) =>
    Promise.resolve({ members: [{ outputs: { output: input.clone() }, weight: 1 }], taps: [] }),
};
const { stages } = await trainInTwoStages(
  { teacher, student: { model, convention: 'logits' } },
  {
    data: { inputs: { values: new Float32Array(8), shape: [4, 2] }, labels: new Int32Array(4) },
    distillation: { epochs: 1, optimizer: () => train.sgd(0.1) },
  },
);
if (stages.map(({ name }) => name).join() !== 'distillation') throw new Error(JSON.stringify(stages));
console.log('works');
