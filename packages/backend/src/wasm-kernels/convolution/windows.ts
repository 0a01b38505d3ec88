import { backend_util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Rounding = Parameters<typeof backend_util.computeConv2DInfo>[5];
type Shape4D = [number, number, number, number];

/** The attributes of a convolution kernel that describe its windows. */
export interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number] | null;
  readonly pad: Pad;
  readonly dimRoundingMode?: Rounding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

/** The positions of a filter's windows in an image with channels last. */
export interface Windows {
  readonly batch: number;
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly output: { readonly height: number; readonly width: number; readonly channels: number };
  readonly filter: { readonly height: number; readonly width: number };
  readonly stride: { readonly height: number; readonly width: number };
  readonly dilation: { readonly height: number; readonly width: number };
  /** Rows and columns of padding around the image. */
  readonly pad: Readonly<Record<'top' | 'bottom' | 'left' | 'right', number>>;
}

/** The windows of a convolution; throws for channels first, which no forward convolution of wasm supports. */
export function windowsOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, dilations, pad, dimRoundingMode, dataFormat = 'NHWC' }: WindowAttributes,
  depthwise: boolean,
): Windows {
  if (dataFormat !== 'NHWC') {
    throw new Error(
      `A convolution on wasm needs the data format NHWC; received ${dataFormat}. Transpose first.`,
    );
  }
  const info = backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  return {
    batch: info.batchSize,
    input: { height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    output: { height: info.outHeight, width: info.outWidth, channels: info.outChannels },
    filter: { height: info.filterHeight, width: info.filterWidth },
    stride: { height: info.strideHeight, width: info.strideWidth },
    dilation: { height: info.dilationHeight, width: info.dilationWidth },
    pad: info.padInfo,
  };
}

/** The inputs of a kernel by name, as tensors. */
export type Inputs<Names extends string> = Readonly<Record<Names, TensorInfo>>;
