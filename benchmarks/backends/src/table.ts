import Table from 'cli-table3';

interface Timed {
  readonly work: string;
  readonly backend: string;
  readonly variant: string;
  readonly ms: number;
}
interface Impossible {
  readonly work: string;
  readonly backend: string;
  readonly variant: string;
  readonly reason: string;
}

/** Prints the milliseconds per step, with a row for each work and a column for each variant. */
export function drawTable(
  rows: readonly Timed[],
  impossible: readonly Impossible[],
  works: readonly string[],
): void {
  const titleOf = ({ backend, variant }: { backend: string; variant: string }): string =>
    `${backend} ${variant}`;
  const titles = [...new Set(rows.map(titleOf))];
  const table = new Table({ head: ['ms', ...titles], style: { head: [], border: [] } });
  for (const work of works) {
    const cells = titles.map((title) => {
      const row = rows.find((candidate) => candidate.work === work && titleOf(candidate) === title);
      return row === undefined ? 'fails' : row.ms.toFixed(row.ms < 100 ? 1 : 0);
    });
    table.push([work, ...cells]);
  }
  console.log(table.toString());
  for (const fault of impossible) console.log(`${fault.work} on ${titleOf(fault)}: ${fault.reason}`);
}
