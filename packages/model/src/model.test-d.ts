import { tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expectTypeOf } from 'vitest';
import { checkBuilt, forward, namedWeights } from './index.js';
import type { ForwardResult } from './index.js';

// `forward` can be the body of a tidy.
declare const model: LayersModel;
expectTypeOf(tidy(() => forward(model, [], { training: true }))).toEqualTypeOf<ForwardResult>();
// @ts-expect-error Whether it is for training is always said.
forward(model, [], {});

// Checks narrow what they checked.
export function narrowsModel(candidate: unknown): void {
  checkBuilt('f', 'x', candidate);
  expectTypeOf(candidate).toEqualTypeOf<LayersModel>();
}

expectTypeOf(namedWeights(model)[0]?.constrain).toEqualTypeOf<(() => void) | undefined>();
