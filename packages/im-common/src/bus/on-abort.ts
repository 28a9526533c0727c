/**
 * Those to be told, by signal. A consumer waits thousands of times a second with one signal, and adding a listener to it
 * and removing it again cost more than the rest of a wait; here there is one listener for as long as the signal lives.
 */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when the signal, which is not aborted yet, aborts. Returns what takes the callback back. */
export function onAbort(signal: AbortSignal, tell: () => void): () => void {
  let tells = waiting.get(signal);
  if (!tells) {
    waiting.set(signal, (tells = new Set()));
    const all = tells;
    signal.addEventListener('abort', () => {
      for (const each of [...all]) each();
    });
  }
  const own = tells.add(tell);
  return () => own.delete(tell);
}
