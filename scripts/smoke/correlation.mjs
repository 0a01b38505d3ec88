import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { bilinear, correlation, correlationLoss, neighbourCorrelationLoss } from '@kd/correlation';

const teacher = tensor2d([1, 0, 0, 1], [2, 2]);
const student = tensor2d([1, 1, 0, 1, 0, 2], [2, 3]);
for (const [options, expected] of [
  [{}, 0.0082],
  [{ kernel: bilinear }, 4.75],
]) {
  const [value] = await correlationLoss(teacher, student, options).data();
  if (Math.abs(value - expected) > 1e-4) throw new Error(`correlationLoss gave ${value}`);
}
const slopes = await grad((features) => correlationLoss(teacher, features))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const [ofNeighbours] = await neighbourCorrelationLoss(teacher, tensor2d([3, 0, 1, 1], [2, 2])).data();
if (ofNeighbours !== 2) throw new Error(`neighbourCorrelationLoss gave ${ofNeighbours}`);
const term = correlation({ student: 'a', teacher: 'b' });
if (term.name !== 'correlation a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
