import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { addToBias, correctBias, correctedBias } from './index.js';
import type { BiasCorrection } from './index.js';

declare const x: Tensor;
declare const model: LayersModel;

void (correctBias(x, x) satisfies Promise<BiasCorrection>);
void (correctBias(x, x, { classes: [7, 8] }) satisfies Promise<BiasCorrection>);
correctedBias(model, await correctBias(x, x)) satisfies Tensor1D;
addToBias(model, { offsets: [0, 3.5] });

// @ts-expect-error: classes have numbers
void correctBias(x, x, { classes: ['seven'] });
// @ts-expect-error: unknown option
void correctBias(x, x, { class: 7 });
// @ts-expect-error: both sides are needed
void correctBias(x);
// @ts-expect-error: a correction, not its numbers
addToBias(model, [0, 3.5]);

const correction = await correctBias(x, x);
// @ts-expect-error: a result is not changed
correction.before = 0;
