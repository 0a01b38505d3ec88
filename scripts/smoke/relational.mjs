import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { relational, relationalLoss } from '@kd/relational';

const [teacher, student] = [tensor2d([0, 0, 1, 0, 0, 1], [3, 2]), tensor2d([0, 1, 2], [3, 1])];
const [value] = await relationalLoss(teacher, student).data();
if (Math.abs(value - 8.274) > 1e-3) throw new Error(`relationalLoss gave ${value}`);
const slopes = await grad((features) => relationalLoss(teacher, features))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = relational({ student: 'a', teacher: 'b' });
if (term.name !== 'relations a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
