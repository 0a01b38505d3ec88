import type { Study } from './studies/index.js';

/** What the README says of a study, which has its title. */
export function sectionOf(readme: string, { title }: Study): string {
  const [, after = ''] = readme.split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
}
