// A process that runs the jobs it receives, one after the other.
import { serveJobs } from '@kd-benchmarks/experiment';
import './maxout.js';
import { runJob } from './run-job.js';

serveJobs(runJob);
