import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { neuronSelectivity, neuronSelectivityLoss } from '@kd/neuron-selectivity';

const [teacher, student] = [tensor4d([1, 0, 0, 1], [1, 1, 2, 2]), tensor4d([1, 1, 1, 1], [1, 1, 2, 2])];
const [value] = await neuronSelectivityLoss(teacher, student).data();
if (Math.abs(value - 0.5) > 1e-5) throw new Error(`neuronSelectivityLoss gave ${value}`);
const slopes = await grad((maps) => neuronSelectivityLoss(teacher, maps))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = neuronSelectivity({ student: 'a', teacher: 'b' });
if (term.name !== 'selectivity a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
