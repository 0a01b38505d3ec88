export { abortOnInterrupt } from './abort-on-interrupt.js';
export type { Interrupt } from './abort-on-interrupt.js';
export { checkpointDirectory } from './checkpoint/directory.js';
export type { CheckpointDirectory, CheckpointDirectoryOptions } from './checkpoint/directory.js';
