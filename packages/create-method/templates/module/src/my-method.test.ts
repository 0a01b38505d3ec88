import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeTerm } from '@kd/conformance/node-test';
import { tensor2d } from '@tensorflow/tfjs-core';
import { myMethod, myMethodLoss } from './index.js';

describeTerm(
  'myMethod',
  myMethod,
  { student: { features: [2, 3] }, teacher: { features: [2, 5] } },
  {
    options: { student: 'conv_2', teacher: 'conv_6' },
    refuses: { weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
    refusesShapes: [{ student: { features: [2, 3] }, teacher: { features: [4, 5] } }],
  },
);

it('is the mean of squares', async () => {
  const loss = myMethodLoss(tensor2d([[1, 2]]), tensor2d([[2, 5]]));
  assert.deepEqual(await loss.array(), [5]);
});
