import '@tensorflow/tfjs-backend-cpu';
import { sequential, layers } from '@tensorflow/tfjs-layers';
import { listTaps } from '@kd/model';

const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'first' })] });
if (listTaps(model)[0]?.path !== 'first') throw new Error('listTaps does not find the layer');
console.log('works');
