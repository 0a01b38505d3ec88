import '@tensorflow/tfjs-backend-cpu';
import { grad, sum, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { attentionTransfer, attentionTransferLoss, meanSquaredDifference } from '@kd/attention-transfer';

const teacher = tensor4d([1, -1, 0, 2], [1, 1, 2, 2]);
const student = tensor4d([3, 1], [1, 1, 2, 1]);
const loss = (features) => attentionTransferLoss(teacher, features);
const [value] = await loss(student).data();
if (Math.abs(value - 0.9558) > 1e-4) throw new Error(`attentionTransferLoss gave ${value}`);
const [first, second] = await grad((features) => sum(loss(features)))(student).data();
if (first <= 0 || Math.abs(3 * first + second) > 1e-6) throw new Error(`gradient ${first}, ${second}`);
const term = attentionTransfer({ student: 'a', teacher: 'b', distance: meanSquaredDifference });
if (term.name !== 'attention a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
