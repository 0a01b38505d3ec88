import '@tensorflow/tfjs-backend-cpu';
import { tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { defineTerm } from '@kd/core';
import { standardized, standardizeLogits } from '@kd/logit-standardization';

const z = await standardized(tensor2d([1, 2, 3, 10, 20, 30], [2, 3])).data();
if (z.join() !== '-1,0,1,-1,0,1') throw new Error(`standardized gave ${z}`);
const term = standardizeLogits(
  defineTerm({
    name: 'mine',
    reads: { student: { logits: { as: 'logits' } } },
    loss: ({ student }) => ({ values: student.logits }),
  }),
);
if (term.name !== 'standardized mine') throw new Error(`the term is named ${term.name}`);
console.log('works');
