/** What each code means, and what helps. Authors of other packages choose codes of the form `KD_<NOUN>_<FAULT>`. */
export type ErrorCodes = Readonly<Record<string, { readonly means: string; readonly remedy: string }>>;

/** Codes of the contracts, which every package may throw. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_OPTION_TYPE: {
    means: 'An option or argument has the wrong JavaScript type.',
    remedy: 'Pass a value of the type that the message names.',
  },
  KD_OPTION_RANGE: {
    means: 'A number lies outside the domain of its option.',
    remedy: 'Pass a number inside the domain that the message names.',
  },
  KD_OPTION_UNKNOWN: {
    means: 'An option is not one that the function knows; it would have been ignored.',
    remedy: 'Correct the name; the message lists the known ones.',
  },
  KD_TENSOR_TYPE: {
    means: 'A tensor was expected and something else came, or a disposed tensor.',
    remedy: 'Pass a live tf.Tensor.',
  },
  KD_TENSOR_DTYPE: {
    means: 'A tensor has a dtype that the function does not compute with.',
    remedy: 'Cast it: tf.cast(x, "float32").',
  },
  KD_TENSOR_SHAPE: {
    means: 'A tensor has the wrong rank or shape; nothing is broadcast.',
    remedy: 'Reshape it, or look for the axis that was lost or added.',
  },
  KD_BATCH_EMPTY: {
    means: 'A batch, a data set or a list that needs at least one entry has none.',
    remedy: 'Drop empty batches before they reach the loss.',
  },
  KD_CLASSES_MISMATCH: {
    means: 'Teacher, student or labels disagree about the number of classes.',
    remedy: 'Align the classes of both before the loss.',
  },
  KD_WEIGHT_RANGE: {
    means: 'A weight is negative or not finite, or all weights are zero.',
    remedy: 'Pass finite weights >= 0 with at least one above 0.',
  },
  KD_PROBABILITY_RANGE: {
    means: 'Values stated to be probabilities are not: outside [0, 1], or rows that do not sum to one.',
    remedy: 'State the convention that the model really has; logits need no softmax.',
  },
  KD_TAP_UNKNOWN: {
    means: 'A tap names no layer of the model.',
    remedy: 'Choose one of the layers that the message lists.',
  },
  KD_MODEL_UNSUPPORTED: {
    means: 'A model is not a built tfjs-layers model with one output.',
    remedy: 'Give its first layer an inputShape, and the model one output.',
  },
  KD_INPUT_MISSING: {
    means: 'A batch lacks an input that a model needs.',
    remedy: 'Name the inputs of the batch as the model names them.',
  },
  KD_TERM_NEEDS: {
    means: 'A term needs something that the recipe or the data do not have.',
    remedy: 'Add what the message names, or drop the term.',
  },
  KD_TEACHER_OUTPUT: {
    means: 'The output of a teacher is not what the teacher describes, or its members disagree.',
    remedy: 'Compare describe() with what predict() returns.',
  },
  KD_TEACHER_CONVENTION: {
    means: 'A term cannot use outputs of the convention that teacher or student have.',
    remedy: 'Use a term for that convention: softmax terms for classes, sigmoid terms for labels.',
  },
  KD_TEACHER_NOT_FINITE: {
    means: 'A teacher answered with NaN or an infinite number.',
    remedy: 'Look at the inputs of the batch, and at what the teacher makes of them.',
  },
  KD_ID_UNKNOWN: {
    means: 'An example has an id for which no answer is stored.',
    remedy: 'Store an answer for every id of the data.',
  },
  KD_DATA_LENGTH: {
    means: 'Parts of one data set differ in their number of examples.',
    remedy: 'Give every part the same first dimension.',
  },
  KD_ID_INPUT: {
    means: 'An id stands for another input than the one that its soft target was stored or remembered for.',
    remedy: 'Give every example of every data set, and augmented versions of one, ids of their own.',
  },
  KD_BACKEND_UNAVAILABLE: {
    means: 'A backend that was asked for cannot be used here.',
    remedy: 'Install its package or choose another backend.',
  },
  KD_FILE_READ: {
    means: 'A file is missing, truncated or of another kind.',
    remedy: 'Check the path; write the file again if it is damaged.',
  },
};
