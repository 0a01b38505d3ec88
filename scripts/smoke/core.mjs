import '@tensorflow/tfjs-backend-cpu';
import { sequential, layers } from '@tensorflow/tfjs-layers';
import { KdError, checkPositive, listTaps, subSeed } from '@kd/core';

const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'first' })] });
if (listTaps(model)[0]?.path !== 'first') throw new Error('listTaps does not find the layer');
if (subSeed(1, 'a') !== subSeed(1, 'a')) throw new Error('subSeed is not repeatable');
try {
  checkPositive('smoke', 'options.temperature', 0);
  throw new Error('checkPositive accepts 0');
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
}
console.log('works');
