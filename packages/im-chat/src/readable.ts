/**
 * A value that changes as a whole: what `get` returned is never written to, and is the same object until something of it changes.
 * `useSyncExternalStore(it.subscribe, it.get)` and a `shallowRef` take it as it is.
 */
export interface Readable<Value> {
  readonly get: () => Value;
  /** Calls back after it has changed, once for all changes of a moment. Returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Made anew when somebody asks for it after a change, so that a burst of changes costs one value. */
export class Shown<Value> implements Readable<Value> {
  readonly #make: () => Value;
  readonly #listeners = new Set<() => void>();
  #value: { readonly made: Value } | undefined;
  #willTell = false;

  constructor(make: () => Value) {
    this.#make = make;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  readonly get = (): Value => {
    this.#value ??= { made: this.#make() };
    return this.#value.made;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    // The same function may be given twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  };

  changed(): void {
    this.#value = undefined;
    if (this.#willTell || this.#listeners.size === 0) return;
    this.#willTell = true;
    queueMicrotask(() => {
      this.#willTell = false;
      for (const listener of [...this.#listeners]) {
        try {
          listener();
        } catch (error) {
          console.error('A listener of im-chat failed:', error);
        }
      }
    });
  }
}

/** The value of whatever is current; what subscribes to it stays subscribed when that is something else. */
export class Current<Value> implements Readable<Value> {
  readonly get: () => Value;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #shown: Shown<Value>;
  #source: Readable<Value> | undefined;
  #letGo: (() => void) | undefined;

  /** `none`: when nothing is current. */
  constructor(none: Value) {
    this.get = () => (this.#source ? this.#source.get() : none);
    this.#shown = new Shown(this.get);
    this.subscribe = this.#shown.subscribe;
  }

  become(source: Readable<Value> | undefined): void {
    this.#letGo?.();
    this.#source = source;
    this.#letGo = source?.subscribe(() => this.#shown.changed());
    this.#shown.changed();
  }
}
