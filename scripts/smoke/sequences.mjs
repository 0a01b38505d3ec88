import '@tensorflow/tfjs-backend-cpu';
import { grad, log, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { universalLogit, universalLogitLoss } from '@kd/sequences';

const teacher = log(tensor2d([[0.2, 0.7, 0.1]]));
const student = log(tensor2d([[0.4, 0.6]]));
const loss = (logits) => universalLogitLoss(teacher, logits);
const [value] = await loss(student).data();
if (Math.abs(value - 0.4) > 1e-4) throw new Error(`universalLogitLoss gave ${value}`);
const slopes = await grad(loss)(student).data();
if (Math.abs(slopes[0] - 0.48) > 1e-4) throw new Error(`its gradient is ${slopes}`);
const { name } = universalLogit({ temperature: 2 });
if (name !== 'universal logit') throw new Error(name);
console.log('works');
