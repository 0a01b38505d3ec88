import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor, tensor3d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import {
  attentionLogits,
  attentionLogitsLoss,
  attentionRelations,
  attentionRelationsLoss,
} from '@kd/attention-relations';

const check = async (name, expected, loss, student) => {
  const values = await loss(student).data();
  if (!values.every((value) => Math.abs(value - expected) < 1e-3)) throw new Error(`${name} gave ${values}`);
  const slopes = await grad(loss)(student).data();
  if (!slopes.every(Number.isFinite)) throw new Error(`the gradient of ${name} is ${slopes}`);
};
const teacher = tensor3d([2, 0, 0, 2], [1, 2, 2]);
const relations = (x) => attentionRelationsLoss(teacher, x, { heads: 1 });
await check('attentionRelationsLoss', 0.4779, relations, tensor3d([1, 1], [1, 2, 1]));
const scores = tensor([1, 2, 2, 1], [1, 1, 2, 2]);
await check(
  'attentionLogitsLoss',
  0.5,
  (x) => attentionLogitsLoss(scores, x),
  tensor([1, 1, 1, 1], [1, 1, 2, 2]),
);
const terms = [
  attentionRelations({ student: 'a', teacher: 'b', heads: 2 }),
  attentionLogits({ student: 'a', teacher: 'b' }),
];
const names = terms.map(({ name }) => name).join(', ');
if (names !== 'attention relations a<-b, attention logits a<-b') throw new Error(names);
console.log('works');
