/**
 * Reads many things with one question: what is asked for in one turn of the event loop is looked up together. Always as
 * fresh as the database, on every instance, so there is nothing to invalidate; and cheaper than a cache under load,
 * because a busy process asks one question for hundreds of requests.
 */
export function batchLoader<Key, Value>(
  load: (keys: Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let waiting: { key: Key; resolve: (value: Value) => void; reject: (error: unknown) => void }[] = [];
  const run = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    try {
      const values = await load(batch.map(({ key }) => key));
      // As many values as keys, in their order: that is what `load` promises.
      for (const [index, { resolve }] of batch.entries()) resolve(values[index] as Value);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ key, resolve, reject }) === 1) setImmediate(() => void run());
    });
}
