import { conventions } from '@kd/core';
import { outputColumns, tapColumn } from '../files/columns.js';
import { classesOf, isSequence, sizeOf } from '../files/row-shape.js';
import type { SetHeader } from '../files/manifest.js';
import type { Answer } from './ask.js';
import { topColumns } from './top-columns.js';
import { valueColumn } from './value-column.js';
import type { ValueColumns } from './value-column.js';

/** The columns of one value, and the numbers of an answer that they hold. */
interface Stored extends ValueColumns {
  readonly isSequence: boolean;
  readonly of: (answer: Answer) => Float32Array | Int32Array;
}

/** The columns of all outputs of all members, and of the taps. */
export function columnsOfSet(header: SetHeader): Stored[] {
  return [...columnsOfOutputs(header), ...columnsOfTaps(header)];
}

function columnsOfOutputs(header: SetHeader): Stored[] {
  const isHalf = header.values.dtype === 'float16';
  return Object.entries(header.outputs).flatMap(([name, { rowShape, topK, type, convention }]) =>
    outputColumns(header, name).map((names, member) => {
      const areLogits = conventions[convention].scale === 'logits';
      const column =
        topK === undefined
          ? valueColumn(names.values, {
              width: sizeOf(rowShape),
              isInt32: type === 'int32',
              isHalf,
            })
          : topColumns(names, { k: topK, ...classesOf({ rowShape }), areLogits, isHalf });
      const of = ({ outputs }: Answer): Float32Array => outputs[name]?.values[member] as Float32Array;
      return { ...column, isSequence: isSequence(rowShape), of };
    }),
  );
}

function columnsOfTaps({ taps = [], values }: SetHeader): Stored[] {
  const isHalf = values.dtype === 'float16';
  return taps.map((tap, index) => ({
    ...valueColumn(tapColumn(tap), {
      width: sizeOf(tap.rowShape),
      isInt32: tap.type === 'int32',
      isHalf,
    }),
    isSequence: isSequence(tap.rowShape),
    of: (answer) => answer.taps[index]?.values[0] as Float32Array,
  }));
}
