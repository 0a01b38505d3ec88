import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TAP_AMBIGUOUS: {
    means:
      'A tap does not say which application of a layer it means, and the model applies the layer several times.',
    remedy: 'Name the application: { layer, node }.',
  },
  KD_TAP_UNSUPPORTED: {
    means: 'The layer has no activation of its own, so there is no value before it to tap.',
    remedy: 'Tap the output of the layer, or of the layer before it.',
  },
  KD_LAYER_UNKNOWN: {
    means: 'The model has no layer of this name.',
    remedy: 'Choose one of the layers that the message lists; write layers of nested models as a path.',
  },
  KD_MODEL_CONVENTION: {
    means: 'The declared convention of an output contradicts its last layer, or its number of classes.',
    remedy: 'Declare the convention of the last layer.',
  },
  KD_INPUT_RANGE: {
    means: 'An embedding has no row for an id in its input.',
    remedy: 'Encode the inputs with the vocabulary of the model, or give the embedding a larger inputDim.',
  },
  KD_GRADIENT_UNAVAILABLE: {
    means: 'No gradients are registered with tfjs, or the loss gives a variable no gradient.',
    remedy: 'Import @tensorflow/tfjs-layers or @tensorflow/tfjs, which register them.',
  },
  KD_KERNEL_MISSING: {
    means: 'The current backend lacks a kernel that training a layer needs.',
    remedy: 'Call registerTrainingKernels() of @kd/backend, or choose another backend.',
  },
};
