import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const maps = () => ones([2, 2, 3, 2]);
const edges = () => ones([2, 3, 4, 5]);
const own: ValidCallsOf<typeof api> = {
  channelWise: () => [{ student: 'a', teacher: 'b', temperature: 2, weight: 0.5, name: 'mine' }],
  channelWiseLoss: () => [maps(), maps(), { temperature: 2 }],
  pearsonFeatures: () => [{ student: 'a', teacher: 'b', weight: 0.5, name: 'mine' }],
  pearsonFeaturesLoss: () => [maps(), maps()],
  localization: () => [
    { student: 'a', teacher: 'b', temperature: 2, region: 'objects', weight: 0.5, name: 'mine' },
  ],
  localizationLoss: () => [edges(), edges(), { temperature: 2 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/dense': own };
