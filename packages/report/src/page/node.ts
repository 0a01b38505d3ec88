export { page } from './page.js';
export type { PageOptions } from './page.js';
export { reportFolder } from './report-folder.js';
export type { FolderReport, ReportFolderOptions } from './report-folder.js';
