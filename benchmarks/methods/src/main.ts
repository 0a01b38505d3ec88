// Trains one student with every method, and shows which help.
import process from 'node:process';
import { runExperiment } from '@kd-benchmarks/experiment';
import { experiment } from './experiment.js';
import type { Job, Outcome } from './job.js';
import { readOptions } from './options.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops; run the same command again to train what is missing.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, (tools) => experiment(options, script, tools));
