import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { normalized, normalizedLoss } from '@kd/normalized';

const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
const loss = (logits) => normalizedLoss(teacher, logits, tensor1d([0], 'int32'));
const [value] = await loss(student).data();
if (Math.abs(value - 1.9481) > 1e-4) throw new Error(`normalizedLoss gave ${value}`);
const slopes = await grad(loss)(student).data();
if (!slopes.every(Number.isFinite) || slopes[1] >= 0) throw new Error(`gradient ${slopes}`);
if (normalized().name !== 'normalized') throw new Error(`the term is named ${normalized().name}`);
console.log('works');
