import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { flow, flowLoss } from '@kd/flow';

const first = tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
const [teacher, student] = [tensor4d([2, 0], [1, 1, 2, 1]), tensor4d([0, 2], [1, 1, 2, 1])];
const [value] = await flowLoss([first, teacher], [first, student]).data();
if (value !== 2) throw new Error(`flowLoss gave ${value}`);
const slopes = await grad((maps) => flowLoss([first, teacher], [first, maps]))(student).data();
if (slopes.join() !== '-1,1') throw new Error(`gradient ${slopes}`);
const term = flow({ student: ['a', 'b'], teacher: ['c', 'd'] });
if (term.name !== 'flow a,b<-c,d') throw new Error(`the term is named ${term.name}`);
console.log('works');
