import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { contrastive, contrastiveLoss } from '@kd/contrastive';

const candidates = tensor3d([1, 0, 0, 1], [1, 2, 2]);
const options = { datasetSize: 10, temperature: 0.5, normalizer: 10 };
const [near] = await contrastiveLoss(tensor2d([1, 0], [1, 2]), candidates, options).data();
const [far] = await contrastiveLoss(tensor2d([0, 1], [1, 2]), candidates, options).data();
if (!(near > 0 && near < far)) throw new Error(`contrastiveLoss gave ${near} and ${far}`);
const slopes = await grad((e) => contrastiveLoss(e, candidates, options))(
  tensor2d([0.6, 0.8], [1, 2]),
).data();
if (!slopes.every(Number.isFinite)) throw new Error(`gradient ${slopes}`);
const term = contrastive({ student: 'a', teacher: 'b' });
if (term.name !== 'contrast a<-b') throw new Error(`the term is named ${term.name}`);
console.log('works');
