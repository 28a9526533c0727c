/** Ctrl-C reaches a program started by npm twice, from the terminal and from npm; that is one signal. */
const sameSignalMs = 500;
const lookForParentMs = 250;
/** Read as early as possible: npm may be gone again before the program is ready. */
const { ppid: startedBy } = process;

/**
 * Calls `end` once when the program is to end: on SIGTERM or SIGINT, and when the npm that started it is gone. A second
 * signal ends the process at once, with 1.
 *
 * `npx`, `npm exec` and `npm start` put a shell between themselves and the program, and hand a SIGTERM to that shell, which
 * dies of it and tells nobody: the program would serve on, with nobody to end it. Only where npm started it, as elsewhere a
 * parent that ends may have meant to leave it running (`nohup`).
 */
export function onEnd(end: (why: string) => void): void {
  let askedAt: number | undefined;
  const ask = (why: string): void => {
    if (askedAt === undefined) {
      askedAt = performance.now();
      end(why);
    } else if (performance.now() - askedAt > sameSignalMs) process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, ask);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const looking = setInterval(() => {
    if (process.ppid === startedBy) return;
    clearInterval(looking);
    if (askedAt === undefined) ask('npm is gone');
  }, lookForParentMs).unref();
}
