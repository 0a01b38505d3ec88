import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { calibrateTemperature, expectedCalibrationError, softmaxAtTemperature } from './index.js';
import type { Calibration } from './index.js';
import { temperatureLayer } from './layer.js';

declare const x: Tensor;

x satisfies ReturnType<typeof softmaxAtTemperature>;
void (calibrateTemperature(x, x) satisfies Promise<Calibration>);
void (expectedCalibrationError(x, x) satisfies Promise<number>);
void (expectedCalibrationError(x, x, { bins: 10 }) satisfies Promise<number>);
temperatureLayer({ temperature: 4, name: 'soften' }) satisfies layers.Layer;

// @ts-expect-error: a temperature has no default
softmaxAtTemperature(x);
// @ts-expect-error: it is a number
softmaxAtTemperature(x, '4');
// @ts-expect-error: logits are a tensor
softmaxAtTemperature([[1, 2]], 4);
// @ts-expect-error: labels are needed
void calibrateTemperature(x);
// @ts-expect-error: unknown option
void expectedCalibrationError(x, x, { bin: 10 });
// @ts-expect-error: a number of bins
void expectedCalibrationError(x, x, { bins: '10' });
// @ts-expect-error: a temperature has no default
temperatureLayer({});
// @ts-expect-error: unknown option
temperatureLayer({ temperature: 4, tau: 4 });

const calibration = await calibrateTemperature(x, x);
// @ts-expect-error: a result is not changed
calibration.temperature = 1;
