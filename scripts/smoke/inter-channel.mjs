import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { interChannel, interChannelLoss } from '@kd/inter-channel';

const [teacher, student] = [tensor4d([1, 0, 0, 1], [1, 1, 2, 2]), tensor4d([1, 1, 1, 1], [1, 1, 2, 2])];
const [value] = await interChannelLoss(teacher, student).data();
if (Math.abs(value - 0.5858) > 1e-4) throw new Error(`interChannelLoss gave ${value}`);
const slopes = await grad((maps) => interChannelLoss(teacher, maps))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = interChannel({ student: 'a', teacher: 'b' });
if (term.name !== 'channels a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
