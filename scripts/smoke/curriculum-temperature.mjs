import '@tensorflow/tfjs-backend-cpu';
import { grad, scalar, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { curriculumTemperature, curriculumTemperatureLoss } from '@kd/curriculum-temperature';

const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
const [value] = await curriculumTemperatureLoss(teacher, student, scalar(2)).data();
if (Math.abs(value - 0.5694) > 1e-4) throw new Error(`curriculumTemperatureLoss gave ${value}`);
const [slope] = await grad((T) => curriculumTemperatureLoss(teacher, student, T))(scalar(2)).data();
if (Math.abs(slope - 0.1834) > 1e-4) throw new Error(`gradient ${slope}`);
if (curriculumTemperature().name !== 'curriculum') throw new Error('the term has another name');
console.log('works');
