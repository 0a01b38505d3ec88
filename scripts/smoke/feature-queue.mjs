import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { featureQueue, featureQueueLoss } from '@kd/feature-queue';

const queue = tensor2d([1, 0, 0, 1, 0, 0], [3, 2]);
const [teacher, student] = [tensor2d([2, 1], [1, 2]), tensor2d([1, 2], [1, 2])];
const [equal] = await featureQueueLoss(teacher, teacher, queue).data();
const [value] = await featureQueueLoss(teacher, student, queue).data();
if (!(Math.abs(equal) < 1e-5 && value > 0.1)) throw new Error(`featureQueueLoss gave ${equal} and ${value}`);
const slopes = await grad((x) => featureQueueLoss(teacher, x, queue))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = featureQueue({ student: 'a', teacher: 'b' });
if (term.name !== 'queue a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
