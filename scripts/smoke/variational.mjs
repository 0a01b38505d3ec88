import '@tensorflow/tfjs-backend-cpu';
import { ones, zeros } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { variational } from '@kd/variational';

const term = variational({ student: 'a', teacher: 'b' });
if (term.name !== 'information a<-b') throw new Error(`the term is named ${term.name}`);
const info = { features: { shape: [null, 2, 2, 3] } };
const predictor = term.modules.predictor.build({ student: info, teacher: info, seed: 1 });
predictor.kernel2.assign(zeros([3, 3]));
const maps = ones([2, 2, 2, 3]);
const { values } = term.loss({
  student: { features: maps },
  teacher: { features: maps },
  modules: { predictor },
});
// The prediction is 0 and the variance 5.
const [value] = await values.data();
if (Math.abs(value - 0.5 * (1 / 5 + Math.log(5))) > 1e-4) throw new Error(`the loss is ${value}`);
console.log('works');
