// Stores the soft targets of one shard, in a process or a container of its own:
// node --conditions=@kd/source --import tsx src/extract.ts --teacher <directory> --out <directory> --shard 0/4
import '@tensorflow/tfjs-backend-wasm';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { KdError } from '@kd/core';
import { parseShard, shardOfEnvironment } from '@kd/stored-soft-targets';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { Command } from 'commander';
import { trainingDigits, withIds } from './digits.js';
import { loadModel } from './models.js';

interface Options {
  readonly teacher: string;
  readonly out: string;
  readonly digits: string;
  readonly shard?: string;
  readonly shards?: string;
}

const options = new Command('extract')
  .description('Stores soft targets for MNIST, or those of one shard.')
  .requiredOption('--teacher <directory>', 'the trained teacher')
  .requiredOption('--out <directory>', 'where the targets go')
  .option('--digits <n>', 'how many digits', '10000')
  .option('--shard <i/n>', 'which shard, from 0; default: what Kubernetes, Slurm or AWS Batch say, or all')
  .option('--shards <n>', 'how many shards there are, where the scheduler does not say')
  .parse()
  .opts<Options>();

try {
  const count = options.shards === undefined ? {} : { count: Number(options.shards) };
  const shard =
    options.shard === undefined ? shardOfEnvironment(process.env, count) : parseShard(options.shard);
  await selectBackend({ require: 'wasm' });
  const teacher = layersTeacher(await loadModel(options.teacher), { convention: 'logits' });
  const data = withIds(await trainingDigits(Number(options.digits)));
  const start = performance.now();
  const result = await storeSoftTargets({
    teacher,
    data,
    out: options.out,
    ...(shard === undefined ? {} : { shard }),
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${result.directory}: ${String(result.count)} examples, ${String(result.added)} new, ${seconds} s`,
  );
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
