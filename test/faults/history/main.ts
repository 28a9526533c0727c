// Judges the history that a run left in a folder: npm run judge -- <folder>
import { ownArguments } from '../../../scripts/own-arguments.ts';
import { check } from './check.ts';
import { readHistory } from './recorder.ts';

const [folder] = ownArguments({ name: 'judge', takes: 'folder with .jsonl files' }).positionals;
if (folder === undefined) {
  console.error('npm run judge takes the folder that a run has left its .jsonl files in.');
  process.exit(2);
}
const { isGood, report } = check(readHistory(folder));
console.log(report);
process.exitCode = isGood ? 0 : 1;
