import '@tensorflow/tfjs-backend-cpu';
import { grad, ones, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { hierarchicalContextLoss, review } from '@kd/review';

const [teacher, student] = [tensor4d([1, 0, 0, 1], [1, 2, 2, 1]), tensor4d([0, 1, 1, 0], [1, 2, 2, 1])];
const [value] = await hierarchicalContextLoss(teacher, student).data();
if (Math.abs(value - 2 / 3) > 1e-4) throw new Error(`hierarchicalContextLoss gave ${value}`);
const slopes = await grad((maps) => hierarchicalContextLoss(teacher, maps))(student).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = review({ student: ['a', 'b'], teacher: ['a', 'b'] });
const infos = { maps: [{ shape: [null, 4, 4, 2] }, { shape: [null, 3] }] };
const fusion = term.modules.fusion.build({ student: infos, teacher: infos, seed: 1 });
if (fusion.expand[0].shape.join() !== '3,3,3,2') throw new Error(`a kernel of ${fusion.expand[0].shape}`);
const maps = [ones([2, 4, 4, 2]), ones([2, 3])];
const { values } = term.loss({ student: { maps }, teacher: { maps }, modules: { fusion } });
if (!(await values.data()).every(Number.isFinite)) throw new Error('the loss is not finite');
console.log('works');
