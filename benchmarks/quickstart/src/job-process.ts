// A process that runs the jobs it receives, one after the other.
import { serveJobs } from '@kd-benchmarks/experiment';
import type { Job } from './jobs.js';
import { runJob } from './run-job.js';
import type { Outcome } from './run-job.js';
import { splitDigits } from './split.js';
import type { Split } from './split.js';

let split: Promise<Split> | undefined;
serveJobs<Job, Outcome>(async (job, signal, onProgress) => {
  split ??= splitDigits(job.transferSize);
  return runJob(job, await split, signal, onProgress);
});
