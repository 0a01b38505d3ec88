import '@tensorflow/tfjs-backend-cpu';
import { tensor2d } from '@tensorflow/tfjs-core';
import { calibrateTemperature, softmaxAtTemperature } from '@kd/temperature';
import { temperatureLayer } from '@kd/temperature/layer';
import '@tensorflow/tfjs-layers';

const logits = tensor2d([[4, 0]]);
const [p] = await softmaxAtTemperature(logits, 2).data();
if (Math.abs(p - 1 / (1 + Math.exp(-2))) > 1e-6) throw new Error(`softmaxAtTemperature gave ${String(p)}`);
const [z] = await temperatureLayer({ temperature: 2 }).apply(logits).data();
if (z !== 2) throw new Error(`temperatureLayer gave ${String(z)}`);
if (typeof calibrateTemperature !== 'function') throw new Error('calibrateTemperature is missing');
console.log('works');
