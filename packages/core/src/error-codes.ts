/**
 * Every code that a `KdError` of these packages can carry, with what it means and what helps.
 *
 * A code is never reused for another fault. Authors of other packages choose codes of their own of the form
 * `KD_<NOUN>_<FAULT>`.
 */
export const errorCodes = {
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
  KD_LABEL_RANGE: {
    means: 'A label names no class, or a distribution over labels does not sum to one.',
    remedy: 'Number classes from 0 to N-1; mark rows without a label in `labelled`.',
  },
  KD_WEIGHT_RANGE: {
    means: 'A weight is negative or not finite, or all weights are zero.',
    remedy: 'Pass finite weights >= 0 with at least one above 0.',
  },
  KD_PROBABILITY_RANGE: {
    means: 'Values stated to be probabilities are not: outside [0, 1], or rows that do not sum to one.',
    remedy: 'State the convention that the model really has; logits need no softmax.',
  },
  KD_CALIBRATION_UNBOUNDED: {
    means: 'The likelihood of the held-out set has no optimum at a finite positive temperature.',
    remedy: 'Calibrate on held-out rows of which some are classified wrongly and most rightly.',
  },
  KD_BIAS_UNBOUNDED: {
    means: 'A teacher gives no probability to classes whose bias is fitted, or to all others.',
    remedy: 'Use inputs of all classes, or correct fewer classes.',
  },
  KD_BIAS_MISSING: {
    means: 'The layer that gives the logits of a model does not end in a bias of one number a class.',
    remedy: 'Build the model with a dense layer with a bias at its end.',
  },
  KD_TAP_UNKNOWN: {
    means: 'A tap names no layer of the model.',
    remedy: 'Choose one of the layers that the message lists.',
  },
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
  KD_HINT_SHAPES: {
    means: 'No regressor (of the kind asked for) maps the shape of the guided layer to that of the hint.',
    remedy: 'Pick another kind, or taps whose shapes go together; suggestTaps lists some.',
  },
  KD_MODEL_UNSUPPORTED: {
    means: 'A model is not a built tfjs-layers model with one output.',
    remedy: 'Give its first layer an inputShape, and the model one output.',
  },
  KD_MODEL_CONVENTION: {
    means: 'What a model is stated to put out contradicts its last layer.',
    remedy: 'State the convention that the last layer has.',
  },
  KD_INPUT_MISSING: {
    means: 'A batch lacks an input that a model needs.',
    remedy: 'Name the inputs of the batch as the model names them.',
  },
  KD_TERM_INVALID: {
    means: 'A value passed as a term does not keep the contract of a term.',
    remedy: 'Implement the interface Term of @kd/core.',
  },
  KD_TERM_DUPLICATE: {
    means: 'Two terms or modules of one recipe have the same name.',
    remedy: 'Give one of them another name.',
  },
  KD_TERM_NEEDS: {
    means: 'A term needs something that the recipe or the data do not have.',
    remedy: 'Add what the message names, or drop the term.',
  },
  KD_TERM_VALUES: {
    means: 'The loss of a term has another shape than it declares.',
    remedy: 'Return [B] for reduces: "example" and a scalar for "batch".',
  },
  KD_TEACHER_OUTPUT: {
    means: 'The output of a teacher is not what the teacher describes, or its members disagree.',
    remedy: 'Compare describe() with what predict() returns.',
  },
  KD_TEACHER_CONVENTION: {
    means: 'A term cannot use outputs of the convention that teacher or student have.',
    remedy: 'Use a term for that convention: softmax terms for classes, sigmoid terms for labels.',
  },
  KD_TEACHER_FAILED: {
    means: 'A teacher failed while it computed an answer.',
    remedy: 'Look at the cause of the error, and at the inputs of the batch.',
  },
  KD_TEACHER_TIMEOUT: {
    means: 'A teacher did not answer within the time that it was given.',
    remedy: 'Give it more time, or retries.',
  },
  KD_TEACHER_NOT_FINITE: {
    means: 'A teacher answered with NaN or an infinite number.',
    remedy: 'Look at the inputs of the batch, and at what the teacher makes of them.',
  },
  KD_OUTPUT_CONVENTION: {
    means: 'The numbers that a teacher answers with contradict the convention that is stated for them.',
    remedy: 'State the convention that the message names.',
  },
  KD_OUTPUT_UNKNOWN: {
    means: 'A model has no such output, or several of which none is chosen.',
    remedy: 'Choose one of the outputs that the message lists.',
  },
  KD_OUTPUT_UNSUPPORTED: {
    means: 'An input or output of a model is of a kind that tfjs has no tensor for.',
    remedy: 'Export the model as the message says.',
  },
  KD_ID_UNKNOWN: {
    means: 'An example has an id for which no answer is stored.',
    remedy: 'Store an answer for every id of the data.',
  },
  KD_DATA_TYPE: {
    means: 'A data source is neither arrays, tensors nor a function that gives batches.',
    remedy: 'Pass { inputs, labels } or (context) => AsyncIterable<Batch>.',
  },
  KD_DATA_LENGTH: {
    means: 'Parts of one data set differ in their number of examples.',
    remedy: 'Give every part the same first dimension.',
  },
  KD_GRADIENT_UNAVAILABLE: {
    means: 'No gradients are registered with tfjs, or a variable gets no gradient from the loss.',
    remedy: 'Import @tensorflow/tfjs-layers or @tensorflow/tfjs, which register them.',
  },
  KD_KERNEL_MISSING: {
    means: 'The backend in force lacks a kernel that the training of a layer needs.',
    remedy: 'Call registerTrainingKernels() of @kd/backend, or choose another backend.',
  },
  KD_STEP_NOT_FINITE: {
    means: 'A loss or a gradient became NaN or infinite; the weights are those from before the step.',
    remedy: 'Lower the learning rate, or look at the batch that the message names.',
  },
  KD_STATE_MISMATCH: {
    means: 'A state of an optimizer belongs to other weights or to another kind of optimizer.',
    remedy: 'Put a state back into an optimizer of the same kind that trains the same weights.',
  },
  KD_CHECKPOINT_EXISTS: {
    means: 'A training that does not resume would write where another one keeps its checkpoints.',
    remedy: 'Pass resume: true to go on with that training, or choose another directory.',
  },
  KD_CHECKPOINT_MISMATCH: {
    means:
      'A checkpoint belongs to another student, teacher, recipe or data set than the training that resumes, or was written by another version.',
    remedy: 'Resume with what the checkpoint was made with, or choose another directory.',
  },
  KD_CHECKPOINT_DAMAGED: {
    means: 'A checkpoint is incomplete, altered, or written by another program.',
    remedy: 'Delete the directory that the message names; the checkpoint before it is used then.',
  },
  KD_ID_DUPLICATE: {
    means: 'Two examples have one id.',
    remedy: 'Give every example an id of its own.',
  },
  KD_ID_INPUT: {
    means: 'An id stands for another input than the one that its soft target was stored or remembered for.',
    remedy: 'Give every example of every data set, and augmented versions of one, ids of their own.',
  },
  KD_TARGETS_DAMAGED: {
    means: 'A file of a set of stored soft targets is missing, truncated or altered.',
    remedy: 'Copy the file again, or delete the directory that the message names and store its targets anew.',
  },
  KD_TARGETS_INCOMPLETE: {
    means: 'A set of stored soft targets is not finished, or lacks shards.',
    remedy: 'Run what was interrupted again, then merge the shards.',
  },
  KD_TARGETS_MISMATCH: {
    means: 'Stored soft targets belong to another teacher, other data or other options.',
    remedy: 'Choose another directory, or store them anew.',
  },
  KD_BACKEND_UNAVAILABLE: {
    means: 'A backend that was asked for cannot be used here.',
    remedy: 'Install its package or choose another backend.',
  },
  KD_PLATFORM_UNSUPPORTED: {
    means: 'The system or processor has no build of the library that is to be installed.',
    remedy: 'Use a backend that needs no installation, such as wasm, or another machine.',
  },
  KD_PACKAGE_MISSING: {
    means: 'An npm package that is to be built is not installed.',
    remedy: 'Install it with the command in the message.',
  },
  KD_PYTHON_MISSING: {
    means: 'There is no Python 3, whose pip downloads TensorFlow.',
    remedy: 'Install Python 3, or name one.',
  },
  KD_PIP_MISSING: {
    means: 'A Python has no pip, or one that is too old.',
    remedy: 'Install pip, or name another Python.',
  },
  KD_COMPILER_MISSING: {
    means: 'There is no C++ compiler.',
    remedy: 'Install g++, or name a compiler in the environment variable CXX.',
  },
  KD_DISK_FULL: {
    means: 'A disk has less free space than is needed.',
    remedy: 'Free some space, or choose a directory on another disk.',
  },
  KD_TENSORFLOW_UNKNOWN: {
    means: 'The package index knows no such version of TensorFlow.',
    remedy: 'Choose one of the versions that the message lists.',
  },
  KD_DOWNLOAD_FAILED: {
    means: 'A download by pip failed, or brought another file than the expected one.',
    remedy: 'Look at the network and at the settings of pip, and run the command again.',
  },
  KD_CACHE_UNTRUSTED: {
    means: 'Other users can change what is kept in a cache that programs are run from.',
    remedy: 'Change the owner or the permissions of what the message names, or choose another cache.',
  },
  KD_BUILD_FAILED: {
    means: 'What was to be built does not compile, or does not work.',
    remedy: 'Look at the output of the compiler in the message.',
  },
  KD_FILE_WRITE: {
    means: 'A file could not be written; nothing that was there before is lost.',
    remedy: 'Check the path, the permissions and the free disk space.',
  },
  KD_FILE_BUSY: {
    means: 'Another process, or another part of this one, writes to the same directory.',
    remedy: 'Wait for it, or choose another directory; the message says which process it is.',
  },
  KD_FILE_FOREIGN: {
    means:
      'Where files are to be written there are others of the same names, which were not written by the same function.',
    remedy: 'Choose another directory, or move these files away.',
  },
  KD_FILE_READ: {
    means: 'A file is missing, truncated or of another kind.',
    remedy: 'Check the path; write the file again if it is damaged.',
  },
} as const;

/** A code of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes;
