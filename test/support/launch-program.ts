// Runs a script of `program-files.ts` as Node would, but with the code that V8 made of it when the same was first asked of it: to
// read and compile it is most of a start. Arguments: the script, and its own.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/** Most of what it will ever run has been run by then. Whoever ends before keeps it at the end, also who kills itself; whom others kill does not. */
const keepAfterMs = 2_000;

process.argv.splice(1, 1);
const [, program = '', command = ''] = process.argv;
// Each command runs other parts of it.
const keptIn = `${program}.${/^[\w-]*$/.test(command) ? command : ''}.code`;
const cachedData = read(keptIn);
const kill = process.kill.bind(process);
const text = readFileSync(program, 'latin1'); // esbuild writes ASCII
const script = new Script(`(function (require, module, exports) {${text}\n})`, {
  filename: program,
  cachedData,
});
if (!cachedData) {
  setTimeout(keep, keepAfterMs).unref();
  process.once('exit', keep);
  process.kill = (pid, signal): true => {
    if (pid === process.pid) keep();
    return kill(pid, signal);
  };
}
const run = script.runInThisContext() as (require: NodeJS.Require, module: object, exports: object) => void;
const loaded = { exports: {} };
run(createRequire(program), loaded, loaded.exports);

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function keep(): void {
  process.off('exit', keep);
  process.kill = kill;
  const written = `${keptIn}.${process.pid}`;
  writeFileSync(written, script.createCachedData());
  renameSync(written, keptIn);
}
