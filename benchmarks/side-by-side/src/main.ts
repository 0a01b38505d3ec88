// Trains one student by the same recipe here and in three other libraries, and compares step by step.
import process from 'node:process';
import { KdError } from '@kd/core';
import { readOptions } from './options.js';
import { sideBySide } from './side-by-side.js';

try {
  await sideBySide(readOptions(process.argv), new AbortController().signal);
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
// wasm's threads would keep the process alive.
process.exit();
