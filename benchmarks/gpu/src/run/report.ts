import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Budget } from './budget.js';
import { lineOf } from './rows.js';
import type { Row } from './rows.js';

/** What could not be done. */
export interface NotDone {
  readonly what: string;
  readonly why: string;
}

/** The result of a run; its file is written after each part, so that a killed run leaves what it found. */
export interface Report {
  /** Adds a part's finding under its name. */
  readonly add: (part: string, finding: unknown) => void;
  readonly addRows: (rows: readonly Row[]) => void;
  readonly cannot: (what: string, why: string) => void;
  readonly finish: () => void;
}

/** Starts a report in a file. */
export function reportTo(file: string, head: object, budget: Pick<Budget, 'spent'>): Report {
  const findings: Record<string, unknown> = {};
  const ran: string[] = [];
  const steps: Row[] = [];
  const notDone: NotDone[] = [];
  mkdirSync(dirname(file), { recursive: true });
  const write = (finished: boolean): void => {
    const seconds = Math.round(budget.spent());
    const result = { ...head, finished, seconds, ran, notDone, ...findings, steps };
    // Whoever reads the file meanwhile finds all of it.
    writeFileSync(`${file}.new`, `${JSON.stringify(result, undefined, 2)}\n`);
    renameSync(`${file}.new`, file);
  };
  return {
    add: (part, finding) => {
      findings[part] = finding;
      ran.push(part);
      write(false);
    },
    addRows: (rows) => {
      steps.push(...rows);
      for (const row of rows) console.log(lineOf(row));
      ran.push(...new Set(rows.map(({ work }) => work)));
      write(false);
    },
    cannot: (what, why) => {
      notDone.push({ what, why });
      console.log(`not done: ${what}: ${why.split('\n', 1).join('')}`);
      write(false);
    },
    finish: () => {
      write(true);
      console.log(`Written to ${file}.`);
    },
  };
}
