import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@kd/core';
import { listOfShapes } from '../shapes.js';

type Kwargs = Parameters<layers.Layer['call']>[1];

/** A layer that is two functions of its inputs: one checks their shapes, the other computes. */
export abstract class SequenceLayer extends layers.Layer {
  constructor(config: object) {
    super({ ...config });
    // It passes masks on, to whoever refuses them.
    this.supportsMasking = true;
  }

  /** The shape of the output, or `KD_TENSOR_SHAPE`; sizes may be unknown. */
  protected abstract shapeFrom(shapes: readonly Shape[]): Shape;

  /** The output for inputs of accepted shapes. */
  protected abstract valueFrom(inputs: readonly Tensor[]): Tensor;

  /** How errors name it. */
  protected get where(): string {
    return `${this.getClassName()} ${this.name}`;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): (number | null)[] {
    return [...this.shapeFrom(listOfShapes(inputShape))];
  }

  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
    const tensors = [inputs].flat();
    this.shapeFrom(tensors.map(({ shape }) => shape));
    return tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      return this.valueFrom(tensors);
    });
  }
}
