import type { BackendReport, DoctorReport } from './examine.js';

/** A report as readable lines. */
export function describeReport(report: DoctorReport): string {
  const { node, platform, processor, processors, tfjs, backends } = report;
  const versions = Object.entries(tfjs).map(
    ([part, version]) => `tfjs-${part} ${version ?? 'not installed'}`,
  );
  const best = backends.find(({ trains }) => trains);
  return [
    `Node ${node}, ${platform}, ${String(processors)} x ${processor}`,
    versions.join(', '),
    '',
    ...backends.flatMap(linesOf),
    '',
    best === undefined ? 'No backend trains here.' : `The fastest that trains here: ${best.name}.`,
  ].join('\n');
}

function linesOf(backend: BackendReport): string[] {
  const name = backend.name.padEnd(11);
  if (!backend.trains)
    return [`${name} no   ${backend.reason ?? ''}`, `${' '.repeat(16)} -> ${backend.remedy ?? ''}`];
  const { device = '', stepsPerSecond = 0, package: from = '', version = '' } = backend;
  return [`${name} yes  ${stepsPerSecond.toFixed(0).padStart(5)} steps/s on ${device} (${from} ${version})`];
}
