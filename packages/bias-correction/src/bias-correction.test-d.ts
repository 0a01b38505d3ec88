import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyBiasOffsets, fitBiasOffsets, biasWithOffsets } from './index.js';
import type { BiasCorrection } from './index.js';

declare const x: Tensor;
declare const model: LayersModel;

void (fitBiasOffsets(x, x) satisfies Promise<BiasCorrection>);
void (fitBiasOffsets(x, x, { classes: [7, 8] }) satisfies Promise<BiasCorrection>);
biasWithOffsets(model, await fitBiasOffsets(x, x)) satisfies Tensor1D;
applyBiasOffsets(model, { offsets: [0, 3.5] });

// @ts-expect-error: classes have numbers
void fitBiasOffsets(x, x, { classes: ['seven'] });
// @ts-expect-error: unknown option
void fitBiasOffsets(x, x, { class: 7 });
// @ts-expect-error: both sides are needed
void fitBiasOffsets(x);
// @ts-expect-error: a correction, not its numbers
applyBiasOffsets(model, [0, 3.5]);

const correction = await fitBiasOffsets(x, x);
// @ts-expect-error: a result is not changed
correction.before = 0;
