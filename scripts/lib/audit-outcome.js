/**
 * What `npm audit --json` says, as a word and lines to print: `passed`, `failed` for known vulnerabilities of
 * at least the given severity, or `skipped` if the registry gave no answer.
 */
export function auditOutcome(output, severity) {
  const report = parsed(output);
  const vulnerabilities = report?.vulnerabilities;
  if (report === undefined || vulnerabilities === undefined) {
    const reason = report?.message ?? report?.error?.summary ?? output.trim().split('\n')[0];
    return {
      word: 'skipped',
      lines: [`skipped: npm audit, because the registry did not answer: ${reason || 'no output'}`],
    };
  }
  const severities = ['info', 'low', 'moderate', 'high', 'critical'];
  const found = Object.values(vulnerabilities).filter(
    (one) => severities.indexOf(one.severity) >= severities.indexOf(severity),
  );
  if (found.length === 0) {
    const count = report.metadata?.dependencies?.total;
    return {
      word: 'passed',
      lines: [`No known vulnerabilities of severity ${severity} or more in ${String(count)} packages.`],
    };
  }
  return { word: 'failed', lines: found.map(describe) };
}

function describe({ name, severity, range, via }) {
  const titles = via.map((cause) => (typeof cause === 'string' ? `through ${cause}` : cause.title));
  return `${name} ${range}: ${severity}, ${titles.join('; ')}`;
}

function parsed(text) {
  try {
    const report = JSON.parse(text);
    return typeof report === 'object' && report !== null ? report : undefined;
  } catch {
    return undefined;
  }
}
