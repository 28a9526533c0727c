/**
 * What browsers have and others may lack, looked up when needed. Written down here because no one `lib` of TypeScript is
 * right for browsers, Node and React Native at once.
 */
export interface Platform {
  readonly WebSocket?: WebSocketConstructor;
  readonly BroadcastChannel?: new (name: string) => Channel;
  readonly navigator?: { readonly onLine?: boolean; readonly locks?: Locks };
  readonly document?: EventSource & { readonly visibilityState: string };
  readonly addEventListener?: EventSource['addEventListener'];
  readonly removeEventListener?: EventSource['removeEventListener'];
}

export interface EventSource {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

export interface Channel {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface Locks {
  request(
    name: string,
    options: { signal: AbortSignal } | { ifAvailable: true },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/** What is needed of a WebSocket's events: `data` of a message, `code` and `reason` of a close, and of an error what there is. */
export interface WebSocketEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly error?: unknown;
}

/** What is needed of a WebSocket. Browsers' fit, React Native's, Node's own and that of `ws`. */
export interface WebSocketLike {
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: WebSocketEvent) => void,
  ): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Drops it without waiting for the other side; `ws` has it. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

// `unknown` in between: the declarations that are at hand here say too much of what is there, or nothing.
export const platform: Platform = globalThis as unknown as Platform;

/** Calls back when the network is there again, or the page is looked at again. Returns what ends that. */
export function onWake(wake: (networkIsNew: boolean) => void): () => void {
  const { document } = platform;
  const onOnline = (): void => wake(true);
  const onVisible = (): void => {
    if (document?.visibilityState === 'visible') wake(false);
  };
  platform.addEventListener?.('online', onOnline);
  document?.addEventListener('visibilitychange', onVisible);
  return () => {
    platform.removeEventListener?.('online', onOnline);
    document?.removeEventListener('visibilitychange', onVisible);
  };
}
