import type { GroupResult, ImResult, KeptResult, PrivateResult, SystemResult } from './result.ts';
import type { ListenerContext } from './listener-queue.ts';
import type { IMListenerType, ListenKind } from './listener-type.ts';

/** The type of `data` of each kind of message; `unknown` for those left out. */
export interface MessageTypes {
  readonly private?: unknown;
  readonly group?: unknown;
  readonly system?: unknown;
}

export type DataOf<Types extends MessageTypes, Kind extends keyof MessageTypes> =
  Types extends Readonly<Record<Kind, infer Data>> ? Data : unknown;

/** What a listener of each kind gets. */
export interface ResultOfKind<Types extends MessageTypes> {
  readonly private: PrivateResult<DataOf<Types, 'private'>>;
  readonly group: GroupResult<DataOf<Types, 'group'>>;
  readonly system: SystemResult<DataOf<Types, 'system'>>;
  readonly kept: KeptResult<DataOf<Types, 'private'> | DataOf<Types, 'group'> | DataOf<Types, 'system'>>;
  readonly all: ImResult<DataOf<Types, 'private'>, DataOf<Types, 'group'>, DataOf<Types, 'system'>>;
}

/**
 * Called with up to 100 results at a time, one call after the other. To throw, reject or take too long means: call me
 * again with these, and in the end put them on the dead-letter list.
 */
export type ResultHandler<Types extends MessageTypes = MessageTypes, Kind extends ListenKind = 'all'> = (
  results: ResultOfKind<Types>[Kind][],
  context: ListenerContext,
) => unknown;

/** What a listener of a decorator's type gets. */
export type ResultOfType<Type extends IMListenerType> = {
  readonly 0: ImResult;
  readonly 1: PrivateResult;
  readonly 2: GroupResult;
  readonly 3: SystemResult;
}[Type];
