import { softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Spiral } from './spiral.js';

const size = 120;
const colours = [
  [231, 111, 81],
  [42, 157, 143],
  [69, 123, 204],
] as const;

/** A picture of what a model makes of the square [-1, 1]², with a caption below it. */
export interface DecisionMap {
  /** Draws the model's probabilities, and the labelled points that it learns from. */
  draw(model: LayersModel, points: Spiral): Promise<void>;
  caption(text: string): void;
}

/** Adds a picture to the page. */
export function decisionMap(name: string): DecisionMap {
  const [figure, canvas, caption] = (['figure', 'canvas', 'figcaption'] as const).map((tag) =>
    document.createElement(tag),
  ) as [HTMLElement, HTMLCanvasElement, HTMLElement];
  figure.id = name;
  canvas.width = canvas.height = size;
  figure.append(canvas, caption);
  document.querySelector('#maps')?.append(figure);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  return {
    caption: (text) => {
      caption.textContent = `${name}: ${text}`;
    },
    draw: async (model, points) => {
      context.putImageData(new ImageData(await coloured(model), size), 0, 0);
      for (const [point, label] of points.labels.entries()) {
        const [x = 0, y = 0] = points.inputs.values.subarray(2 * point, 2 * point + 2);
        context.fillStyle = `rgb(${colours[label as 0].map((part) => part * 0.6).join(' ')})`;
        context.fillRect(((x + 1) / 2) * size - 1, ((y + 1) / 2) * size - 1, 2, 2);
      }
    },
  };
}

/** The colours of the classes, mixed by their probabilities: one pixel for each point of a grid. */
async function coloured(model: LayersModel): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const at = (index: number): number => ((index + 0.5) / size) * 2 - 1;
  const grid = Array.from({ length: size * size }, (_, pixel) => [
    at(pixel % size),
    at(Math.floor(pixel / size)),
  ]);
  const probabilities = tidy(() => softmax(model.predict(tensor2d(grid as [number, number][])) as Tensor));
  const values = await probabilities.data();
  probabilities.dispose();
  const pixels = new Uint8ClampedArray(4 * size * size);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let part = 0; part < 3; part++) {
      const mixed = colours.reduce(
        (sum, colour, label) => sum + (values[3 * pixel + label] as number) * colour[part as 0],
        0,
      );
      pixels[4 * pixel + part] = 255 - (255 - mixed) * 0.7;
    }
    pixels[4 * pixel + 3] = 255;
  }
  return pixels;
}
