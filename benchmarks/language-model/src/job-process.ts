// A process that runs the jobs it receives, one after the other.
import { serveJobs } from '@kd-benchmarks/experiment';
import type { Job, Outcome } from './job.js';
import { runJob } from './run-job.js';

serveJobs<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
