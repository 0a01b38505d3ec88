import { PNG } from 'pngjs';

/** A picture in grey or colour, in [0, 1], as the address of a PNG that holds it. */
export function pngAddress(
  values: ArrayLike<number>,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
): string {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (const channel of [0, 1, 2]) {
      const value = values[pixel * channels + (channels === 1 ? 0 : channel)] ?? 0;
      png.data[4 * pixel + channel] = Math.round(255 * value);
    }
    png.data[4 * pixel + 3] = 255;
  }
  const bytes = PNG.sync.write(png, { colorType: channels === 1 ? 0 : 2 });
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
