import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { parseShard } from './shard.js';
import { shardOfEnvironment } from './shard-of-environment.js';

describe('parseShard', () => {
  it('reads index and count', () => {
    expect(parseShard('0/1')).toEqual({ index: 0, count: 1 });
    expect(parseShard('10/12')).toEqual({ index: 10, count: 12 });
  });

  it.each(['', '3', '3/', '-1/3', '1.5/3', '1/3/4', ' 1/3'])('refuses %j', async (text) => {
    await expectKdError(() => parseShard(text), 'KD_OPTION_TYPE', JSON.stringify(text));
  });

  it.each([
    ['3/3', 'text.index', 'text.count', '3'],
    ['0/0', 'text.count', '1'],
  ])('refuses %j', async (text, ...facts) => {
    await expectKdError(() => parseShard(text), 'KD_OPTION_RANGE', ...facts);
  });
});

describe('shardOfEnvironment', () => {
  it('recognises Kubernetes, Slurm and AWS Batch', () => {
    expect(shardOfEnvironment({ JOB_COMPLETION_INDEX: '0' }, { count: 3 })).toEqual({ index: 0, count: 3 });
    const slurm = { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '8' };
    expect(shardOfEnvironment(slurm)).toEqual({ index: 7, count: 8 });
    expect(shardOfEnvironment({ ...slurm, SLURM_ARRAY_TASK_MIN: '1' })).toEqual({ index: 6, count: 8 });
    const aws = { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '3' };
    expect(shardOfEnvironment(aws, { count: 3 })).toEqual({ index: 2, count: 3 });
    expect(shardOfEnvironment({ HOME: '/' })).toBeUndefined();
  });

  const wrong: [string, Record<string, string>, object, ...string[]][] = [
    ['KD_OPTION_TYPE', { JOB_COMPLETION_INDEX: '1' }, {}, 'options.count', 'JOB_COMPLETION_INDEX'],
    ['KD_OPTION_TYPE', { JOB_COMPLETION_INDEX: 'x' }, { count: 2 }, 'JOB_COMPLETION_INDEX', '"x"'],
    ['KD_OPTION_RANGE', { JOB_COMPLETION_INDEX: '2' }, { count: 2 }, 'JOB_COMPLETION_INDEX.index'],
    ['KD_OPTION_RANGE', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '4' }, { count: 3 }, '4'],
    [
      'KD_OPTION_RANGE',
      { JOB_COMPLETION_INDEX: '0', SLURM_ARRAY_TASK_ID: '0' },
      { count: 3 },
      'SLURM_ARRAY_TASK_ID',
    ],
    ['KD_OPTION_RANGE', {}, { count: 0 }, 'options.count'],
    ['KD_OPTION_UNKNOWN', {}, { counts: 1 }, 'options.counts'],
  ];
  it.each(wrong)('throws %s for %j with %j', async (code, environment, options, ...facts) => {
    await expectKdError(() => shardOfEnvironment(environment, options), code, ...facts);
  });
});
