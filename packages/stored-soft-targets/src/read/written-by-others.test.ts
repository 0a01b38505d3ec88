// Sets whose checksums are right, but not their content: DuckDB writes a file, and the manifest is changed.
import '@tensorflow/tfjs-backend-cpu';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Teacher } from '@kd/core';
import { expectKdError, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import { batchesOf, textTeacher } from '../../test/texts.js';
import type { Manifest, StoredOutput } from '../files/manifest.js';
import { sha256 } from '../files/read-part.js';
import { spreadEvenly } from '../remaining-mass.js';
import type { StoreOptions } from '../store/options.js';
import { storeSoftTargets } from '../store/store-soft-targets.js';
import { storedTeacher } from './stored-teacher.js';

beforeAll(() => useBackend('cpu'));

const part = 'part-00000.parquet';

type Edit = (manifest: { -readonly [Key in keyof Manifest]: Manifest[Key] }) => void;
async function edit(out: string, change: Edit): Promise<void> {
  const file = join(out, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

const output = ({ outputs }: Pick<Manifest, 'outputs'>): StoredOutput => outputs['output'] as StoredOutput;

/** Writes the file of a set again, with other expressions for some of its columns; an empty one drops it. */
async function rewrite(out: string, columns: Readonly<Record<string, string>>): Promise<void> {
  const [file, copy] = [join(out, part), join(out, 'copy')];
  const changes = Object.entries(columns);
  const dropped = changes.flatMap(([name, as]) => (as === '' ? [name] : []));
  const replaced = changes.flatMap(([name, as]) => (as === '' ? [] : [`${as} as ${name}`]));
  const clause = (word: string, list: string[]): string =>
    list.length === 0 ? '' : ` ${word} (${list.join()})`;
  const selected = `select *${clause('exclude', dropped)}${clause('replace', replaced)} from read_parquet('${file}')`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`copy (${selected}) to '${copy}' (format parquet)`);
  await rename(copy, file);
  const bytes = await readFile(file);
  await edit(out, (manifest) => {
    const rows = manifest.count;
    manifest.files = [{ name: part, rows, bytes: bytes.length, sha256: sha256(bytes) }];
  });
}

const withSet = (body: (out: string) => Promise<void>, more: Partial<StoreOptions> = {}): Promise<void> =>
  withFolder(async (folder) => {
    const out = join(folder, 'set');
    await storeSoftTargets({ teacher: sineTeacher(), data: examples(5), out, ...more });
    await body(out);
  });
const answers = async (out: string, rows: number[]): Promise<number[]> => {
  const request = { outputs: ['output'], taps: [] };
  const { members } = await (await storedTeacher(out)).predict(batchOf(rows), request);
  return [...((await members[0]?.outputs['output']?.data()) ?? [])];
};
const infos = {
  boxes: { convention: 'values', shape: [null, 4] },
  count: { convention: 'values', shape: [null] },
  tokens: { convention: 'logits', shape: [null, 2, 3] },
} as const;
/** A teacher with several outputs, one of whole numbers and one of two distributions, and a tap. */
const detector: Teacher = {
  describe: ({ taps }) => {
    const described = taps.map(() => ({ shape: [null, 2] }));
    return Promise.resolve({ outputs: infos, taps: described, fingerprint: 'detector', frozen: true });
  },
  predict: ({ ids = [] }, { taps }) => {
    const n = ids.length;
    const outputs = { boxes: ones([n, 4]), count: ones([n], 'int32'), tokens: ones([n, 2, 3]) };
    return { members: [{ outputs, weight: 1 }], taps: taps.map(() => ones([n, 2])) };
  },
};
const first = (change: string, others: string): string =>
  `case when id = 'img-0' then ${change} else ${others} end`;

describe('a file that DuckDB wrote', () => {
  it('answers as before if its content is the same', () =>
    withSet(async (out) => {
      await rewrite(out, {});
      expect(await answers(out, [4, 0, 2])).toEqual(logitsOf([4, 0, 2]));
    }));

  it.each<[string, Record<string, string>, string]>([
    [
      'a list that has the last value of the one before',
      {
        logits: `case id when 'img-0' then logits[:3] when 'img-1' then list_prepend(7::float, logits) else logits end`,
      },
      'row 0 of logits has 3 values and not 4',
    ],
    ['longer lists', { logits: 'list_append(logits, 1::float)' }, 'row 0 of logits has 5 values and not 4'],
    ['an absent list', { logits: first('null', 'logits') }, 'logits has empty places'],
    [
      'an absent value',
      { logits: first('[null, 1::float, 2::float, 3::float]', 'logits') },
      'logits has empty places',
    ],
    ['NaN', { logits: first("['nan'::float, 1, 2, 3]", 'logits') }, 'NaN'],
    ['float64', { logits: 'logits::double[]' }, 'logits is not a column of Float32Array'],
    ['numbers for lists', { logits: 'logits[1]' }, 'logits is not a column of lists'],
    ['no logits', { logits: '' }, 'no column logits'],
    ['lists of digests', { input: '[input]' }, 'input has lists in place of numbers'],
    ['digests of 64 bits', { input: 'input::bigint' }, 'input is not a column of Int32Array'],
    ['an absent digest', { input: first('null', 'input') }, 'input has empty places'],
    ['an absent id', { id: first('null', 'id') }, 'row 0 of id has no text'],
    ['an empty id', { id: first("''", 'id') }, 'row 0 of id has no text'],
    ['numbers as ids', { id: 'input' }, 'row 0 of id has no text'],
  ])('is refused with %s', async (_, columns, received) => {
    await withSet(async (out) => {
      await rewrite(out, columns);
      await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', part, received);
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a class that does not exist', { classes: first('[0::int, 4::int]', 'classes') }, '4'],
    ['a negative class', { classes: first('[0::int, -1::int]', 'classes') }, '-1'],
    ['a class twice', { classes: first('[2::int, 2::int]', 'classes') }, 'class 2 twice'],
    ['fewer classes', { classes: first('[2::int]', 'classes') }, 'row 0 of classes has 1 values and not 2'],
    ['fewer values', { logits: first('logits[:1]', 'logits') }, 'row 0 of logits has 1 values and not 2'],
    ['an unknown mass', { log_remaining: "'nan'::float" }, 'NaN'],
  ])('of the two largest outputs is refused with %s', async (_, columns, received) => {
    await withSet(
      async (out) => {
        await rewrite(out, {});
        await storedTeacher(out);
        await rewrite(out, columns);
        // The k largest are read as outputs, and fill in the whole one.
        for (const how of [{}, { remaining: spreadEvenly }])
          await expectKdError(() => storedTeacher(out, how), 'KD_TARGETS_DAMAGED', part, received);
      },
      { topK: 2 },
    );
  });

  it('in float16 is refused with a number that becomes infinite', () =>
    withSet(
      async (out) => {
        await rewrite(out, { logits: first('[7e4::float, 1, 2, 3]', 'logits') });
        await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', part, 'float16', '70000');
      },
      { dtype: 'float16' },
    ));

  it.each<[string, Record<string, string>, string]>([
    [
      'shorter boxes',
      { '"boxes/values"': first('"boxes/values"[:3]', '"boxes/values"') },
      'row 0 of boxes/values has 3 values and not 4',
    ],
    ['counts as float32', { '"count/values"': '"count/values"::float[]' }, 'count/values is not a column'],
    [
      'a class twice at the second position',
      { '"tokens/classes"': first('[0::int, 1::int, 2::int, 2::int]', '"tokens/classes"') },
      'class 2 twice',
    ],
    [
      'the mass of one position',
      { '"tokens/log_remaining"': '"tokens/log_remaining"[:1]' },
      'row 0 of tokens/log_remaining has 1 values and not 2',
    ],
    ['an infinite tap', { '"conv/tap"': first("['inf'::float, 1]", '"conv/tap"') }, 'Infinity'],
    ['a longer tap', { '"conv/tap"': 'list_append("conv/tap", 1::float)' }, 'row 0 of conv/tap has 3'],
  ])('of several outputs and a tap is refused with %s', async (_, columns, received) => {
    await withSet(
      async (out) => {
        await rewrite(out, {});
        await storedTeacher(out);
        await rewrite(out, columns);
        await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', part, received);
      },
      { teacher: detector, topK: { tokens: 2 }, taps: ['conv'] },
    );
  });
});

const ofText = (change: string, others: string): string =>
  `case when id = 'text-1' then ${change} else ${others} end`;

describe('a file of sequences that DuckDB wrote', () => {
  // The text 1 has six tokens, the text 0 has one.
  const texts = {
    teacher: textTeacher(),
    data: () => batchesOf([0, 1, 2], 3),
    topK: { output: 2 },
    taps: ['hidden'],
  };

  it.each<[string, Record<string, string>, string]>([
    ['another length', { length: ofText('5::int', 'length') }, 'row 1 of output/logits has 12 values and not 10'],
    ['a negative length', { length: ofText('-6::int', 'length') }, 'row 1 of output/logits has 12 values and not -12'],
    ['lengths as float64', { length: 'length::double' }, 'length is not a column of Int32Array'],
    ['an absent length', { length: ofText('null', 'length') }, 'length has empty places'],
    ['no lengths', { length: '' }, 'no column length'],
    ['classes of a position less', { '"output/classes"': ofText('"output/classes"[:10]', '"output/classes"') }, 'row 1 of output/classes has 10 values and not 12'],
    ['the mass of a position less', { '"output/log_remaining"': ofText('"output/log_remaining"[:5]', '"output/log_remaining"') }, 'row 1 of output/log_remaining has 5 values and not 6'],
    ['a class twice at the last position', { '"output/classes"': ofText('list_concat("output/classes"[:10], [3::int, 3::int])', '"output/classes"') }, 'class 3 twice'],
    ['a tag more', { '"tags/values"': ofText('list_append("tags/values", 1::int)', '"tags/values"') }, 'row 1 of tags/values has 7 values and not 6'],
    ['a shorter tap', { '"hidden/tap"': ofText('"hidden/tap"[:35]', '"hidden/tap"') }, 'row 1 of hidden/tap has 35 values and not 36'],
  ])('is refused with %s', async (_, columns, received) => {
    await withSet(async (out) => {
      await rewrite(out, {});
      await storedTeacher(out);
      await rewrite(out, columns);
      await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', part, received);
    }, texts);
  }); // prettier-ignore
});

describe('a manifest that another program changed', () => {
  it.each<[string, Edit, string]>([
    [
      '1e12 rows',
      (manifest) => {
        manifest.files = manifest.files.map((file) => ({ ...file, rows: 1e12 }));
        manifest.count = 1e12;
      },
      'rows',
    ],
    ['half a row', ({ files }) => Object.assign(files[0] ?? {}, { rows: 0.5 }), 'whose files is missing'],
    ['a negative size', ({ files }) => Object.assign(files[0] ?? {}, { bytes: -1 }), 'files'],
    ['a weight of -3', (manifest) => (manifest.members = [{ weight: -3 }]), 'members'],
    ['weights of -1 and 2', (manifest) => (manifest.members = [{ weight: -1 }, { weight: 2 }]), 'members'],
    ['weights that sum to 2', (manifest) => (manifest.members = [{ weight: 1 }, { weight: 1 }]), 'members'],
    [
      'no outputs',
      (manifest) => {
        manifest.outputs = {};
        manifest.members = [];
      },
      'outputs',
    ],
    ['outputs that are null', (manifest) => (manifest.outputs = null as never), 'outputs'],
    ['outputs in a list', (manifest) => (manifest.outputs = [output(manifest)] as never), 'outputs'],
    ['no members', (manifest) => (manifest.members = []), 'members'],
    ['classes that are a number', (manifest) => Object.assign(output(manifest), { classes: 5 }), 'classes'],
    ['three classes', (manifest) => Object.assign(output(manifest), { classes: ['a', 'b', 'c'] }), 'classes'],
    [
      'classes that are numbers',
      (manifest) => Object.assign(output(manifest), { classes: [1, 2, 3, 4] }),
      'outputs.output.classes',
    ],
    ['outputs of size 0', (manifest) => Object.assign(output(manifest), { rowShape: [0] }), 'rowShape'],
    [
      '2^40 outputs',
      (manifest) => Object.assign(output(manifest), { rowShape: [2 ** 20, 2 ** 20] }),
      'outputs.output.rowShape',
    ],
    [
      'more outputs',
      (manifest) => Object.assign(output(manifest), { rowShape: [5] }),
      'row 0 of logits has 4 values and not 5',
    ],
    [
      'a length of logits and no classes',
      (manifest) => Object.assign(output(manifest), { rowShape: [null] }),
      'outputs.output.rowShape',
    ],
    [
      'two unknown lengths',
      (manifest) => Object.assign(output(manifest), { rowShape: [null, null, 4] }),
      'outputs.output.rowShape',
    ],
    [
      'sequences of which the files have no lengths',
      (manifest) => Object.assign(output(manifest), { rowShape: [null, 4] }),
      'no column length',
    ],
    ['formatVersion 4', (manifest) => (manifest.formatVersion = 4 as never), 'formatVersion 4'],
    ['the largest 4 of 4', (manifest) => Object.assign(output(manifest), { topK: 4 }), 'output.topK'],
    ['the largest 0', (manifest) => Object.assign(output(manifest), { topK: 0 }), 'output.topK'],
    [
      'the largest 2 of values',
      (manifest) => Object.assign(output(manifest), { topK: 2, convention: 'values' }),
      'output.topK',
    ],
    ['logits as int32', (manifest) => Object.assign(output(manifest), { type: 'int32' }), 'output.type'],
    [
      'a tap without a layer',
      (manifest) => (manifest.taps = [{ tap: {}, rowShape: [2] }] as never),
      'taps[0].tap',
    ],
    ['a tap of size 0', (manifest) => (manifest.taps = [{ tap: 'a', rowShape: [0] }]), 'taps[0].rowShape'],
    [
      'a tap without a column',
      (manifest) => (manifest.taps = [{ tap: 'a', rowShape: [2] }]),
      'no column a/tap',
    ],
    ['a shard that is a number', (manifest) => (manifest.shard = 5 as never), 'shard'],
    [
      'a shard beyond the last',
      (manifest) => (manifest.shard = { index: 2, count: 2, complete: true }),
      'shard',
    ],
  ])('is refused with %s', async (_, change, received) => {
    await withSet(async (out) => {
      await edit(out, change);
      await expectKdError(() => storedTeacher(out), 'KD_TARGETS_DAMAGED', out, received);
    });
  });
});
