import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { multiLevel, multiLevelLoss } from '@kd/multi-level';

const [teacher, student] = [tensor2d([4, 1, 0, 3], [2, 2]), tensor2d([2, 0, 1, 2], [2, 2])];
const loss = (logits) => multiLevelLoss(teacher, logits, { temperatures: [1] });
const [value] = await loss(student).data();
if (!(value > 0.1 && value < 1)) throw new Error(`multiLevelLoss gave ${value}`);
const slopes = await grad(loss)(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
if (multiLevel().name !== 'multi-level') throw new Error(`the term is named ${multiLevel().name}`);
console.log('works');
