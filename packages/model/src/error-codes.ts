import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TAP_AMBIGUOUS: {
    means: 'A tap names a layer that the model applies several times.',
    remedy: 'Say which application is meant: { layer, node }.',
  },
  KD_TAP_UNSUPPORTED: {
    means: 'The layer has no value of the kind that the tap asks for.',
    remedy: 'Tap the output of the layer, or of the layer before it.',
  },
  KD_LAYER_UNKNOWN: {
    means: 'A name stands for no layer of the model.',
    remedy: 'Choose among the layers that the message lists; those of nested models by path.',
  },
  KD_MODEL_CONVENTION: {
    means: 'What a model is stated to put out contradicts its last layer.',
    remedy: 'State the convention that the last layer has.',
  },
  KD_GRADIENT_UNAVAILABLE: {
    means: 'No gradients are registered with tfjs, or a variable gets no gradient from the loss.',
    remedy: 'Import @tensorflow/tfjs-layers or @tensorflow/tfjs, which register them.',
  },
  KD_KERNEL_MISSING: {
    means: 'The backend in force lacks a kernel that the training of a layer needs.',
    remedy: 'Call registerTrainingKernels() of @kd/backend, or choose another backend.',
  },
};
