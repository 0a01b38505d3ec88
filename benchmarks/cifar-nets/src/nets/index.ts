import type { MakeNet } from '../tapped-net.js';
import { mobilenetV2 } from './mobilenet-v2.js';
import { resnet110, resnet20, resnet32, resnet32x4, resnet56, resnet8x4 } from './resnet.js';
import { resnet50 } from './resnet50.js';
import { shufflenetV1 } from './shufflenet-v1.js';
import { shufflenetV2 } from './shufflenet-v2.js';
import { vgg13, vgg8 } from './vgg.js';
import { wrn16x2, wrn40x1, wrn40x2 } from './wrn.js';

/** The name of a net. */
export type NetName =
  | 'resnet20'
  | 'resnet32'
  | 'resnet56'
  | 'resnet110'
  | 'resnet8x4'
  | 'resnet32x4'
  | 'resnet50'
  | 'wrn-16-2'
  | 'wrn-40-1'
  | 'wrn-40-2'
  | 'vgg8'
  | 'vgg13'
  | 'mobilenet-v2'
  | 'shufflenet-v1'
  | 'shufflenet-v2';

/** The nets of RepDistiller's thirteen pairs. */
export const nets: Readonly<Record<NetName, MakeNet>> = {
  resnet20,
  resnet32,
  resnet56,
  resnet110,
  resnet8x4,
  resnet32x4,
  resnet50,
  'wrn-16-2': wrn16x2,
  'wrn-40-1': wrn40x1,
  'wrn-40-2': wrn40x2,
  vgg8,
  vgg13,
  'mobilenet-v2': mobilenetV2,
  'shufflenet-v1': shufflenetV1,
  'shufflenet-v2': shufflenetV2,
};
