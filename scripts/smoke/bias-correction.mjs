import '@tensorflow/tfjs-backend-cpu';
import { tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { applyBiasOffsets, fitBiasOffsets, biasWithOffsets } from '@kd/bias-correction';

const correction = await fitBiasOffsets(tensor2d([[0.25, 0.75]]), tensor2d([[0, 0]]), { classes: [1] });
const [first, second] = correction.offsets;
if (first !== 0 || Math.abs(second - Math.log(3)) > 1e-9) throw new Error(`offsets ${first}, ${second}`);
const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [1] })] });
applyBiasOffsets(model, correction);
const [, bias] = await biasWithOffsets(model, correction).data();
if (Math.abs(bias - 2 * Math.log(3)) > 1e-6) throw new Error(`bias ${bias}`);
console.log('works');
