// Trains in two stages with a checkpoint after every step, resumes from the newest one, and kills itself on
// request: `killable.ts DIRECTORY step N` after the N-th step of this process, `... file N` at its N-th
// operation on files.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { useBackend } from '@kd/testing';
import { train } from '@tensorflow/tfjs-core';

const [directory = '', kind = '', at = '0'] = process.argv.slice(2);
let left = Number(at);
const count = (what: string): void => {
  left -= Number(what === kind);
  if (what === kind && left === 0) process.kill(process.pid, 'SIGKILL');
};

const { mkdir, open, rename, rm } = fs;
const counted =
  <Given extends unknown[], Result>(operation: (...given: Given) => Promise<Result>) =>
  async (...given: Given): Promise<Result> => {
    count('file');
    const result = await operation(...given);
    count('file');
    return result;
  };
Object.assign(fs, { mkdir: counted(mkdir), open: counted(open), rename: counted(rename), rm: counted(rm) });
syncBuiltinESMExports();

// Imported after the counters are installed: these packages bind the file operations when they load.
const { checkpointDirectory } = await import('@kd/trainer/node');
const { images, options, run, thinStudent, weightsOf } = await import('./small.js');

await useBackend('cpu');
const model = thinStudent();
const optimizer = (): ReturnType<typeof train.adam> => train.adam(0.01);
const ended = await run(
  options(model, {
    data: images(8),
    validation: { data: images(5, 50) },
    hints: { epochs: 5, optimizer },
    distillation: { epochs: 5, optimizer },
    ...(directory === ''
      ? {}
      : { checkpoint: { store: checkpointDirectory(directory), resume: true, everySteps: 1 } }),
    onEvent: ({ type, stage }) => {
      if (type !== 'step') return;
      console.log('stage', stage);
      count('step');
    },
  }),
);
const history = ended.stages.map((stage) => stage.history.map((record) => ({ ...record, seconds: 0 })));
console.log(JSON.stringify({ weights: weightsOf(model), history }));
