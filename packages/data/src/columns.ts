import { describeValue, KdError, optionsOf, unchecked } from '@kd/core';
import { checkColumn, isColumn } from './column.js';
import type { CheckedColumn, Column, ColumnType } from './column.js';
import type { InMemoryData } from './data.js';

type Columns = Readonly<Record<string, CheckedColumn>>;

// The parts that a data set may have; their values are checked below.
const column = unchecked<Column>('a column');
const dataParts = optionsOf<InMemoryData>()({
  inputs: unchecked<InMemoryData['inputs']>('a column, or columns by name'),
  labels: column.optional(),
  targets: unchecked<Readonly<Record<string, Column>>>('columns by name').optional(),
  sampleWeight: column.optional(),
  labelled: column.optional(),
  mask: column.optional(),
  ids: unchecked<readonly string[]>('strings').optional(),
});

/** The columns of a data set, each checked, grouped as in a batch. */
export function columnsOf(
  where: string,
  argument: string,
  data: InMemoryData,
): { readonly inputs: Columns; readonly targets: Columns; readonly others: Columns } {
  const parts = dataParts.read(where, data, argument);
  const { inputs, labels, targets = {} } = parts;
  if (labels !== undefined && 'labels' in (Object(targets) as object)) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: `${argument}.labels`,
      expected: `absent if ${argument}.targets.labels is given`,
      received: describeValue(labels),
      remedy: 'Leave out one of the two.',
    });
  }
  const optional = (name: 'labels' | 'sampleWeight' | 'labelled' | 'mask', dtype: ColumnType) =>
    parts[name] === undefined
      ? {}
      : { [name]: checkColumn(where, `${argument}.${name}`, parts[name], dtype) };
  return {
    inputs: isColumn(inputs)
      ? { input: checkColumn(where, `${argument}.inputs`, inputs, 'bytes as float32') }
      : columnsByName(
          where,
          `${argument}.inputs`,
          inputs,
          'bytes as float32',
          'a tensor, a typed array with its shape, or several of them by name',
        ),
    targets: {
      ...optional('labels', 'as given'),
      ...columnsByName(
        where,
        `${argument}.targets`,
        targets,
        'as given',
        'an object of tensors or typed arrays by name',
      ),
    },
    others: {
      ...optional('sampleWeight', 'float32'),
      ...optional('labelled', 'float32'),
      ...optional('mask', 'float32'),
    },
  };
}

function columnsByName(
  where: string,
  argument: string,
  columns: unknown,
  dtype: ColumnType,
  expected: string,
): Columns {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns) || isColumn(columns)) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument,
      expected,
      received: describeValue(columns),
      remedy: 'Pass { inputs, labels }.',
    });
  }
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      checkColumn(where, `${argument}.${name}`, column, dtype),
    ]),
  );
}
