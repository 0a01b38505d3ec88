import '@tensorflow/tfjs-backend-cpu';
import { grad, sum, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { huberLoss, teacherBoundedLoss, valueMatching } from '@kd/regression-loss';

const targets = tensor2d([[1, 2]]);
const student = tensor2d([[1.5, 12]]);
const loss = (values) => huberLoss(targets, values);
const [value] = await loss(student).data();
if (Math.abs(value - 4.8125) > 1e-6) throw new Error(`huberLoss gave ${value}`);
const slopes = await grad((values) => sum(loss(values)))(student).data();
if (slopes.join() !== '0.25,0.5') throw new Error(`gradient ${slopes.join()}`);
const [bounded] = await teacherBoundedLoss({ teacherValues: student, trueValues: targets }, targets).data();
if (bounded !== 0) throw new Error(`teacherBoundedLoss gave ${bounded}`);
const term = valueMatching({ output: 'boxes', loss: huberLoss });
if (term.name !== 'value matching') throw new Error(`the term is named ${term.name}`);
console.log('works');
