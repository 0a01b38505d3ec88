import { readFileSync } from 'node:fs';

/** The held-out set of `golden/calibration.json`, and what the reference says of it. */
export interface CalibrationCase {
  readonly name: string;
  readonly params: { readonly bins: number };
  readonly inputs: { readonly student: number[][]; readonly labels: number[] };
  readonly expected: {
    readonly ece: number;
    readonly nll: number;
    readonly optimalTemperature: number;
    readonly nllAtOptimum: number;
    readonly eceAtOptimum: number;
  };
}

/** All cases of `golden/calibration.json`. */
export function calibrationCases(): readonly CalibrationCase[] {
  const text = readFileSync(new URL('../src/golden/calibration.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: CalibrationCase[] }).cases;
}
