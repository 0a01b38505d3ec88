import '@tensorflow/tfjs-backend-cpu';
import { grad, tensor, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import {
  channelWise,
  channelWiseLoss,
  localization,
  localizationLoss,
  pearsonFeatures,
  pearsonFeaturesLoss,
} from '@kd/dense';

const check = async (name, expected, loss, student) => {
  const [value] = await loss(student).data();
  if (Math.abs(value - expected) > 1e-3) throw new Error(`${name} gave ${value}`);
  const slopes = await grad(loss)(student).data();
  if (!slopes.every(Number.isFinite)) throw new Error(`the gradient of ${name} is ${slopes}`);
};
const [teacher, student] = [tensor4d([2, 0], [1, 1, 2, 1]), tensor4d([0, 2], [1, 1, 2, 1])];
await check('channelWiseLoss', 1.5232, (x) => channelWiseLoss(teacher, x, { temperature: 1 }), student);
await check('pearsonFeaturesLoss', 2, (x) => pearsonFeaturesLoss(teacher, x), student);
const [edges, others] = [
  [2, 0],
  [0, 2],
].map((first) => tensor([...first, 0, 0, 0, 0, 0, 0], [1, 4, 2]));
await check('localizationLoss', 1.5232, (x) => localizationLoss(edges, x, { temperature: 1 }), others);
const terms = [channelWise, pearsonFeatures, localization].map((term) =>
  term({ student: 'a', teacher: 'b' }),
);
const names = terms.map(({ name }) => name).join(', ');
if (names !== 'channel-wise a<-b, pearson a<-b, localization a<-b') throw new Error(names);
console.log('works');
