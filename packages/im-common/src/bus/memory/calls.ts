import { ImError } from '../../errors.ts';

/** What all calls of a memory bus have in common: they take effect at once, are answered a microtask later, and end with the bus. */
export class Calls {
  #closed = false;

  answer<T>(run: () => T | Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new ImError('CLOSED', 'The in-memory bus is closed.'));
    return new Promise((resolve) => {
      resolve(run());
    });
  }

  close(): void {
    this.#closed = true;
  }
}
