import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { dist, distLoss } from '@kd/stronger-teacher';

const [teacher, student] = [tensor2d([4, 1, 0, 0, 3, 1], [2, 3]), tensor2d([2, 0, 1, 1, 2, 0], [2, 3])];
const [value] = await distLoss(teacher, student).data();
if (Math.abs(value - 0.717) > 1e-3) throw new Error(`distLoss gave ${value}`);
const slopes = await grad((logits) => distLoss(teacher, logits))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
if (dist().name !== 'dist') throw new Error(`the term is named ${dist().name}`);
console.log('works');
