import type { ErrorCodes } from '@kd/core';

/** Error codes of this package. They are stable and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_TEACHER_FAILED: {
    means: 'A teacher failed to compute an answer.',
    remedy: 'See the cause of the error, and check the inputs of the batch.',
  },
  KD_TEACHER_TIMEOUT: {
    means: 'A teacher did not answer in time.',
    remedy: 'Allow more time or retries.',
  },
  KD_OUTPUT_CONVENTION: {
    means: "A teacher's numbers contradict the stated convention.",
    remedy: 'State the convention named in the message.',
  },
  KD_OUTPUT_UNSUPPORTED: {
    means: 'An input or output of a model has a type that tfjs tensors do not support.',
    remedy: 'Export the model as the message describes.',
  },
  KD_SERVER_STATUS: {
    means: 'A server answered a request with an HTTP status that is an error, also after the last retry.',
    remedy: 'See what the server says in the message; allow more retries if it is busy.',
  },
  KD_SERVER_ANSWER: {
    means: 'The answer of a server is not JSON, or not what the protocol promises.',
    remedy: 'Check the address, and what stands between here and the server.',
  },
  KD_LOGPROBS_MISSING: {
    means: 'A server answered without log-probabilities.',
    remedy: 'Use a server and a model that give them; the README of @kd/teacher lists some.',
  },
  KD_TOKENS_DIFFER: {
    means: 'A server answered about other tokens than were sent, or about another number of them.',
    remedy: 'Stop it from adding or leaving out tokens, with the fields that its documentation offers.',
  },
  KD_TOKEN_UNKNOWN: {
    means: 'A token is not an id, or too few tokens of an answer are classes of the student.',
    remedy: 'Map tokens to classes with idOf, ask for more tokens, or mask what is padding.',
  },
  KD_CLASSES_SHARE: {
    means: 'A chat model gives all classes together less probability than it must.',
    remedy: 'Ask more plainly for one of the labels, and list the spellings of each.',
  },
  KD_BUDGET_SPENT: {
    means: 'The next request would exceed the number of requests or tokens that a teacher may send.',
    remedy: 'Raise the limit; what has been answered stays answered.',
  },
};
