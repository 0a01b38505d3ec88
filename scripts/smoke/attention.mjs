import '@tensorflow/tfjs-backend-cpu';
import { ones } from '@tensorflow/tfjs-core';
import { input, model, models } from '@tensorflow/tfjs-layers';
import { LearnedPositions, transformerBlock } from '@kd/attention';

const [x, mask] = [input({ shape: [3, 4] }), input({ shape: [3] })];
const placed = new LearnedPositions({ maxLength: 3 }).apply(x);
const made = model({
  inputs: [x, mask],
  outputs: transformerBlock(placed, { name: 'block', heads: 2, mask, rotary: true }),
});
const answer = await made.predict([ones([2, 3, 4]), ones([2, 3])]).data();
if (answer.length !== 24 || !answer.every(Number.isFinite)) throw new Error(`The block returned ${answer}`);
const loaded = await models.modelFromJSON(made.toJSON(null, false));
if (loaded.countParams() !== made.countParams()) throw new Error(`Loaded ${loaded.countParams()} weights`);
console.log('works');
