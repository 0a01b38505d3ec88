import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { activationBoundary, activationBoundaryLoss } from '@kd/activation-boundary';

const [teacher, student] = [tensor2d([[0.5, 9, 0]]), tensor2d([[7, 0.5, 1]])];
const [value] = await activationBoundaryLoss(teacher, student).data();
if (value !== 4.25) throw new Error(`activationBoundaryLoss gave ${value}`);
const slopes = await grad((x) => activationBoundaryLoss(teacher, x))(student).data();
if (slopes.map((x) => x + 0).join() !== '0,-1,4') throw new Error(`gradient ${slopes}`);
const term = activationBoundary({ student: 'a', teacher: 'b' });
if (term.name !== 'boundaries a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
