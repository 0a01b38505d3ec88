import '@tensorflow/tfjs-backend-cpu';
import { readOnce } from '@kd/data';

let examples = 0;
for await (const { inputs } of readOnce('smoke', 'data', { inputs: Float32Array.of(1, 2, 3) }, 2)) {
  examples += inputs.input.shape[0];
}
if (examples !== 3) throw new Error('readOnce does not read all examples');
console.log('works');
