import '@tensorflow/tfjs-backend-cpu';
import { grad, sum, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { hardTarget, softTarget, softTargetLoss } from '@kd/soft-target-loss';

const teacher = tensor2d([[1, 2, 3]]);
const student = tensor2d([[3, 1, 0.5]]);
const loss = (logits) => softTargetLoss(teacher, logits, { temperature: 4 });
const [value] = await loss(student).data();
if (Math.abs(value - 1.7409) > 1e-4) throw new Error(`softTargetLoss gave ${value}`);
const slopes = await grad((logits) => sum(loss(logits)))(student).data();
if (Math.abs(slopes[0] + slopes[1] + slopes[2]) > 1e-6 || slopes[0] <= 0)
  throw new Error(`gradient ${slopes}`);
if (softTarget({ temperature: 4 }).name === hardTarget().name) throw new Error('terms share a name');
console.log('works');
