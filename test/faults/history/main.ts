// Judges the history that a run left in a folder: npm run judge -- <folder>
import { check } from './check.ts';
import { readHistory } from './recorder.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: npm run judge -- <folder with .jsonl files>');
  process.exit(2);
}
const { isGood, report } = check(readHistory(folder));
console.log(report);
process.exitCode = isGood ? 0 : 1;
