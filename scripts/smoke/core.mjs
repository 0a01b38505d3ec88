import '@tensorflow/tfjs-backend-cpu';
import { KdError, positive, subSeed } from '@kd/core';

if (subSeed(1, 'a') !== subSeed(1, 'a')) throw new Error('subSeed is not repeatable');
try {
  positive.read({ where: 'smoke', argument: 'options.temperature' }, 0);
  throw new Error('positive accepts 0');
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
}
console.log('works');
