import '@tensorflow/tfjs-backend-cpu';
import { ones, tensor4d } from '@tensorflow/tfjs-core';
import { factorLoss, factorTransfer } from '@kd/factor-transfer';

const [loss] = await factorLoss(tensor4d([3, 4], [1, 1, 1, 2]), tensor4d([20, 0], [1, 1, 1, 2])).data();
if (Math.abs(loss - 0.6) > 1e-6) throw new Error(`the loss is ${loss}`);
const { paraphrase, transfer } = factorTransfer({ student: 'a', teacher: 'b' });
if (transfer.name !== 'factors a<-b') throw new Error(`the term is named ${transfer.name}`);
const teacher = { features: { shape: [null, 2, 2, 3] } };
const { encoder, decoder } = paraphrase.modules.paraphraser.build({ teacher, seed: 1 });
const shape = decoder.apply(encoder.apply(ones([1, 2, 2, 3]))).shape.join();
if (shape !== '1,2,2,3') throw new Error(`the reconstruction is ${shape}`);
console.log('works');
