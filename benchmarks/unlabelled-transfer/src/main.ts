// Trains students when few digits have labels: on these, on soft targets for the others, and on both.
import process from 'node:process';
import { runInPhases } from '@kd-benchmarks/experiment/perceptrons';
import { phasesOf } from './jobs.js';
import { readOptions, settingsOf } from './options.js';
import { report } from './report.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);

runInPhases(options, script, { settings: settingsOf(options), phasesOf, report });
