import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { decoupled, decoupledLoss } from '@kd/decoupled';

const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
const loss = (logits) => decoupledLoss(teacher, logits, tensor1d([0], 'int32'), { temperature: 1 });
const [value] = await loss(student).data();
if (Math.abs(value - 3.9111) > 1e-4) throw new Error(`decoupledLoss gave ${value}`);
const slopes = await grad(loss)(student).data();
if (!slopes.every(Number.isFinite) || slopes[1] >= 0) throw new Error(`gradient ${slopes}`);
if (decoupled().name !== 'decoupled') throw new Error(`the term is named ${decoupled().name}`);
console.log('works');
