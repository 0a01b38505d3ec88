import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { rowsToUnitSum, similarityPreserving, similarityPreservingLoss } from '@kd/similarity-preserving';

const teacher = tensor2d([1, 0, 0, 1], [2, 2]);
const student = tensor2d([1, 1, 0, 1, 0, 2], [2, 3]);
for (const [options, expected] of [
  [{}, 0.0625],
  [{ normalize: rowsToUnitSum }, 0.0694],
]) {
  const [value] = await similarityPreservingLoss(teacher, student, options).data();
  if (Math.abs(value - expected) > 1e-4) throw new Error(`similarityPreservingLoss gave ${value}`);
}
const slopes = await grad((features) => similarityPreservingLoss(teacher, features))(student).data();
if (!slopes.every(Number.isFinite) || slopes[2] <= 0) throw new Error(`gradient ${slopes}`);
const term = similarityPreserving({ student: 'a', teacher: 'b' });
if (term.name !== 'similarity a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
