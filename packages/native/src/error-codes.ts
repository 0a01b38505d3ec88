import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
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
};
