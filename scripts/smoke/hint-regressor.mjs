import '@tensorflow/tfjs-backend-cpu';
import { ones } from '@tensorflow/tfjs-core';
import { hint, hintLoss, hintRegressor } from '@kd/hint-regressor';

const regressor = hintRegressor([null, 6, 6, 16], [null, 8, 8, 4], { activation: 'relu' });
const regressed = regressor.apply(ones([2, 8, 8, 4]));
const loss = await hintLoss(ones([2, 6, 6, 16]), regressed).data();
if (loss.length !== 2 || regressor.countParams() !== 592) throw new Error(`The loss is ${loss}`);
const { name } = hint({ student: 'conv2d_11', teacher: 'conv2d_2' });
if (name !== 'hint conv2d_11<-conv2d_2') throw new Error(`The term is named ${name}`);
console.log('works');
