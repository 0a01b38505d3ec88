import { KdError } from '@kd/core';
import { duplicate } from '../data/unique-ids.js';
import { columnNames } from '../files/columns.js';
import type { StoredFile } from '../files/manifest.js';
import { readPart } from '../files/read-part.js';
import { idIndex } from '../id-index.js';
import { where } from './options.js';

/** The examples of a set by id, with digests of their inputs. */
export interface KnownExamples {
  /**
   * Whether an example of the data is new; throws for an id that occurs twice, or that is stored for another
   * input.
   */
  readonly isNew: (id: string, input: number) => boolean;
}

/** The examples in the files of a directory. */
export async function knownExamples(directory: string, files: readonly StoredFile[]): Promise<KnownExamples> {
  const index = idIndex();
  let inputs = new Int32Array(1024);
  // Whether this run's data contained the example.
  let seen = new Uint8Array(1024);
  const put = (row: number, input: number, wasSeen: number): void => {
    if (row >= inputs.length) {
      inputs = doubled(inputs, new Int32Array(2 * row));
      seen = doubled(seen, new Uint8Array(2 * row));
    }
    inputs[row] = input;
    seen[row] = wasSeen;
  };
  for (const file of files) {
    const table = await readPart(where, directory, file, [columnNames.id, columnNames.input]);
    const digests = table.integers(columnNames.input);
    for (const [row, id] of table.texts(columnNames.id).entries()) {
      const number = index.add(id);
      if (number === -1) throw duplicate(where, file.name, id);
      put(number, digests[row] as number, 0);
    }
  }
  return {
    isNew: (id, input) => {
      const number = index.add(id);
      if (number >= 0) {
        put(number, input, 1);
        return true;
      }
      const there = index.find(id);
      if (seen[there] === 1) throw duplicate(where, 'an id of options.data', id);
      if (inputs[there] !== input) throw otherInput(directory, id);
      seen[there] = 1;
      return false;
    },
  };
}

function otherInput(directory: string, id: string): KdError {
  return new KdError({
    code: 'KD_ID_INPUT',
    where,
    argument: `the input of ${JSON.stringify(id)}`,
    expected: `the input whose target is stored in ${JSON.stringify(directory)}`,
    received: 'another input',
    remedy: 'Give each example and each augmented version a separate id, or choose another directory.',
  });
}

function doubled<T extends Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
