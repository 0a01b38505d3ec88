import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import type * as api from '../src/index.js';

const own: ValidCallsOf<typeof api> = {
  interChannel: () => [{ student: 'a', teacher: 'b', embeds: true, weight: 0.5, name: 'mine' }],
  interChannelLoss: () => [ones([2, 2, 3, 2]), ones([2, 2, 3, 2])],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/inter-channel': own };
