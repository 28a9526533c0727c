import { messageKinds } from 'im-common';
import type { ResultKind } from 'im-common/internal/bus';
import { invalidArgument, show } from 'im-common/internal/checks';

/** What a decorated listener wants, with box-im's numbers. */
export const IMListenerType = { ALL: 0, PRIVATE_MESSAGE: 1, GROUP_MESSAGE: 2, SYSTEM_MESSAGE: 3 } as const;

export type IMListenerType = (typeof IMListenerType)[keyof typeof IMListenerType];

/** What a listener can subscribe to. `kept`: what became of messages that waited for a device, which is not among `all`. */
export type ListenKind = ResultKind | 'all';

const kindOfType: Readonly<Record<IMListenerType, ListenKind>> = {
  [IMListenerType.ALL]: 'all',
  [IMListenerType.PRIVATE_MESSAGE]: 'private',
  [IMListenerType.GROUP_MESSAGE]: 'group',
  [IMListenerType.SYSTEM_MESSAGE]: 'system',
};

export function listenKindOf(type: IMListenerType): ListenKind {
  return kindOfType[type];
}

/** For the decorators, whose argument JavaScript may leave out: `@OnResult` without a call is given the method. */
export function checkListenerType(decorator: string, type: unknown): void {
  if (typeof type === 'number' && Object.hasOwn(kindOfType, type)) return;
  throw invalidArgument(
    `The type of @${decorator} is ${show(type)}; expected one of IMListenerType, such as @${decorator}(IMListenerType.ALL).`,
  );
}

export function kindsOf(kind: ListenKind): readonly ResultKind[] {
  return kind === 'all' ? messageKinds : [kind];
}
