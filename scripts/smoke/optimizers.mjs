import '@tensorflow/tfjs-backend-cpu';
import { square, sum, tensor1d, variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { adam, adamW, rmsprop, sgd } from '@kd/optimizers';

const x = variable(tensor1d([1, -2]));
const makers = [sgd, adam, adamW, rmsprop];
for (const make of makers) {
  const optimizer = make({ learningRate: ({ step }) => 0.1 / (1 + step), clipNorm: 1 });
  const before = await x.data();
  for (let step = 0; step < 3; step++) optimizer.minimize(() => sum(square(x)), false, [x]);
  const after = await x.data();
  const isNearer = after.every((value, index) => Math.abs(value) < Math.abs(before[index]));
  if (!isNearer) throw new Error(`${make.name} went from ${before} to ${after}`);
}
const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: adam(), loss: 'meanSquaredError' });
if (model.optimizer.getClassName() !== 'KdAdam') throw new Error(model.optimizer.getClassName());
console.log('works');
