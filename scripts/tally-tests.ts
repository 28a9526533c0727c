// tsx scripts/tally-tests.ts <vitest json report> <exit status of the run so far>
// Prints one line with the real numbers. Fails when anything failed before it, or when not a single test passed.
import { existsSync, readFileSync } from 'node:fs';
import { failuresIn, type Report as Results } from './whole-runs.ts';

interface Report extends Pick<Results, 'numPassedTests' | 'testResults'> {
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** A run that broke before its end has written no report. */
function readReport(file: string): Report {
  if (!existsSync(file))
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

const linesOfMessage = 12;

function startOf(message: string): string {
  const lines = message.split('\n').slice(0, linesOfMessage);
  return lines.map((line) => `  ${line}`).join('\n');
}

const [file = '', status = 'missing'] = process.argv.slice(2);
const report = readReport(file);
const passed = report.numPassedTests;
const skipped = report.numPendingTests + report.numTodoTests;
// What fails outside any test (a file that does not load, a broken set-up, an unhandled rejection) counts as one.
const failed = report.numFailedTests || (status === '0' ? 0 : 1);

// Those too that passed in their second try, of which nothing else is said.
for (const { name, messages } of failuresIn(report)) {
  console.log(`failed, at least once: ${name}`);
  for (const message of messages) console.log(startOf(message));
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
