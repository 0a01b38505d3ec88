// Stores the soft targets of one shard, in a separate process or container:
// node --conditions=@kd/source --import tsx extract.ts --teacher <directory> --out <directory> --shard 0/4
import process from 'node:process';
import { parseArgs } from 'node:util';
import { asData, loadDigits, slice } from '@kd-datasets/mnist';
import { selectBackend } from '@kd/backend/node';
import { modelDirectory } from '@kd/files';
import { parseShard, shardOfEnvironment } from '@kd/stored-soft-targets';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

const { values } = parseArgs({
  options: {
    teacher: { type: 'string', default: 'runs/stored-targets/teacher' },
    out: { type: 'string', default: 'runs/targets' },
    digits: { type: 'string', default: '10000' },
    // Which shard, from 0. Without it, environment variables of Kubernetes, Slurm or AWS Batch decide.
    shard: { type: 'string' },
    // How many shards there are, if the scheduler does not say.
    shards: { type: 'string' },
  },
});

const count = values.shards === undefined ? {} : { count: Number(values.shards) };
const shard = values.shard === undefined ? shardOfEnvironment(process.env, count) : parseShard(values.shard);

await selectBackend();
const teacher = layersTeacher(await loadLayersModel(modelDirectory(values.teacher)), {
  convention: 'logits',
});
const data = asData(slice(await loadDigits('train'), 0, Number(values.digits)));

// Killed and started again, it resumes after the last file that it wrote.
const stored = await storeSoftTargets({
  teacher,
  data,
  out: values.out,
  ...(shard === undefined ? {} : { shard }),
});
console.log(`${stored.directory}: ${String(stored.count)} examples, ${String(stored.added)} new`);
