import { parseShard, shardOfEnvironment, spreadEvenly } from '@kd/stored-soft-targets';

const row = new Float32Array(4);
spreadEvenly({ classes: [1], values: [0.5], logRemaining: Math.log(0.5), logits: false }, row);
if (Math.abs(row[0] - 0.5 / 3) > 1e-6 || row[1] !== 0.5) throw new Error(`spreadEvenly gave ${row}`);
if (parseShard('1/2').index !== 1) throw new Error('parseShard is wrong');
if (shardOfEnvironment({ JOB_COMPLETION_INDEX: '1' }, { count: 2 }).index !== 1) {
  throw new Error('shardOfEnvironment is wrong');
}
console.log('works');
