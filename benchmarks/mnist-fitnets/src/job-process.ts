// A process of its own that runs the jobs it is sent, one after the other.
import { serveJobs } from '@kd-benchmarks/experiment';
import './maxout.js';
import { runJob } from './run-job.js';

serveJobs(runJob);
