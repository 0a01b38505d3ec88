import { readFault } from '@kd/files';
import { channels, side } from './pixels.js';

/** Bytes of a record: the coarse label, the fine label, and the picture, one channel after the other. */
export const recordBytes: number = 2 + channels * side * side;

/** Where the files come from, for errors. */
export const source =
  'Nothing is downloaded: get the "binary version" of CIFAR-100 from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it, and pass the folder that has train.bin and test.bin';

/** Refuses a file that is truncated, or is not a file of CIFAR-100. */
export function checkRecords(where: string, file: string, bytes: Uint8Array, size: number): void {
  const fault = (expected: string, received: string): Error =>
    readFault(where, file, { expected, received, remedy: `${source}.` });
  if (bytes.length !== size * recordBytes) {
    const expected = `${grouped(size * recordBytes)} bytes, ${grouped(size)} records of ${grouped(recordBytes)}`;
    throw fault(expected, `${grouped(bytes.length)} bytes`);
  }
  // Each of the 100 classes belongs to one of the 20 groups of classes.
  const groups = new Map<number, number>();
  for (let record = 0; record < size; record++) {
    const group = bytes[record * recordBytes] as number;
    const label = bytes[record * recordBytes + 1] as number;
    const known = groups.get(label) ?? group;
    if (group >= 20 || label >= 100 || known !== group) {
      const labels = `coarse label ${String(group)} and fine label ${String(label)} in record ${String(record)}`;
      const before = known === group ? '' : `, and coarse label ${String(known)} for it before`;
      throw fault(
        'labels of CIFAR-100: coarse ones below 20, fine ones below 100, each fine one with one coarse one',
        labels + before,
      );
    }
    groups.set(label, group);
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
