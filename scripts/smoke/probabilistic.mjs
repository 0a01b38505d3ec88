import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { probabilistic, probabilisticLoss } from '@kd/probabilistic';

const [teacher, student] = [tensor2d([1, 0, 1, 0.2, 0, 1], [3, 2]), tensor2d([1, 0, 0.2, 1, 0, 1], [3, 2])];
const [value] = await probabilisticLoss(teacher, student).data();
if (Math.abs(value - 0.0148) > 1e-4) throw new Error(`probabilisticLoss gave ${value}`);
const slopes = await grad((features) => probabilisticLoss(teacher, features))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = probabilistic({ student: 'a', teacher: 'b' });
if (term.name !== 'probabilities a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
