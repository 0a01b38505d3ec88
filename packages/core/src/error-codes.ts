/** What each code means and what helps. Codes of other authors have this form too: `KD_<NOUN>_<FAULT>`. */
export type ErrorCodes = Readonly<Record<string, { readonly means: string; readonly remedy: string }>>;

/** Codes of the contracts, which every package may throw. They are stable and never reused. */
export const errorCodes: ErrorCodes = {
  KD_OPTION_TYPE: {
    means: 'An option or argument has the wrong JavaScript type.',
    remedy: 'Pass a value of the type that the message names.',
  },
  KD_OPTION_RANGE: {
    means: 'A number is outside the range that its option allows.',
    remedy: 'Pass a number in the range that the message names.',
  },
  KD_OPTION_UNKNOWN: {
    means: 'The function has no option of this name; without this error it would be ignored.',
    remedy: 'Correct the name; the message lists the known ones.',
  },
  KD_TENSOR_TYPE: {
    means: 'A value is not a tensor, or is a disposed tensor.',
    remedy: 'Pass a live tf.Tensor.',
  },
  KD_TENSOR_DTYPE: {
    means: 'A tensor has a dtype that the function does not support.',
    remedy: 'Cast it: tf.cast(x, "float32").',
  },
  KD_TENSOR_SHAPE: {
    means: 'A tensor has the wrong rank or shape; nothing is broadcast.',
    remedy: 'Reshape it, or look for the axis that was lost or added.',
  },
  KD_BATCH_EMPTY: {
    means: 'A batch, a data set or a list that needs at least one entry is empty.',
    remedy: 'Drop empty batches before they reach the loss.',
  },
  KD_CLASSES_MISMATCH: {
    means: 'Teacher, student or labels have different numbers of classes.',
    remedy: 'Give both the same classes before the loss.',
  },
  KD_WEIGHT_RANGE: {
    means: 'A weight is negative or not finite, or all weights are zero.',
    remedy: 'Pass finite weights >= 0 with at least one above 0.',
  },
  KD_PROBABILITY_RANGE: {
    means: 'Values declared as probabilities lie outside [0, 1], or their rows do not sum to one.',
    remedy: 'Declare the convention that the model has; logits need no softmax.',
  },
  KD_TAP_UNKNOWN: {
    means: 'A tap names no layer of the model.',
    remedy: 'Choose one of the layers that the message lists.',
  },
  KD_MODEL_UNSUPPORTED: {
    means: 'A model is not built, is not a tfjs-layers model, or does not have exactly one output.',
    remedy: 'Give the first layer an inputShape and the model one output.',
  },
  KD_OUTPUT_UNKNOWN: {
    means: 'A model lacks the named output, or has several outputs and none is chosen.',
    remedy: 'Choose one of the outputs listed in the message.',
  },
  KD_INPUT_MISSING: {
    means: 'A batch lacks an input that a model needs.',
    remedy: 'Give the inputs of the batch the names that the model gives them.',
  },
  KD_TERM_INVALID: {
    means: 'A value passed as a term does not implement the contract of a term.',
    remedy: 'Define it with defineTerm of @kd/core.',
  },
  KD_TERM_NEEDS: {
    means: 'A term needs something that the recipe or the data lack.',
    remedy: 'Add what the message names, or drop the term.',
  },
  KD_TEACHER_OUTPUT: {
    means:
      'The output of a teacher differs from its description, or the answers of its members do not fit together.',
    remedy: 'Compare describe() with what predict() returns.',
  },
  KD_TEACHER_CONVENTION: {
    means: 'A term does not support the convention of the teacher or the student.',
    remedy: 'Use a term that supports it: softmax terms for classes, sigmoid terms for independent labels.',
  },
  KD_TEACHER_NOT_FINITE: {
    means: 'The output of a teacher contains NaN or infinity.',
    remedy: 'Check the inputs of the batch, then the teacher itself.',
  },
  KD_ID_UNKNOWN: {
    means: 'No answer is stored for the id of an example.',
    remedy: 'Store answers for all ids in the data.',
  },
  KD_DATA_LENGTH: {
    means: 'Parts of one data set have different numbers of examples.',
    remedy: 'Give every part the same first dimension.',
  },
  KD_ID_INPUT: {
    means: 'The input of this id differs from the input that its soft target was computed from.',
    remedy: 'Give every example its own id, across all data sets and for each augmented version.',
  },
  KD_BACKEND_UNAVAILABLE: {
    means: 'The requested backend does not work here.',
    remedy: 'Install its package or choose another backend.',
  },
  KD_FILE_READ: {
    means: 'A file is missing, truncated, unreadable or of the wrong kind.',
    remedy: 'Check the path; write the file again if it is damaged.',
  },
};
