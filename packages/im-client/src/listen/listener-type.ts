import { messageKinds, type MessageKind } from 'im-common';

/** What a decorated listener wants, with box-im's numbers. */
export const IMListenerType = { ALL: 0, PRIVATE_MESSAGE: 1, GROUP_MESSAGE: 2, SYSTEM_MESSAGE: 3 } as const;

export type IMListenerType = (typeof IMListenerType)[keyof typeof IMListenerType];

/** What a listener can subscribe to. */
export type ListenKind = MessageKind | 'all';

const kindOfType: Readonly<Record<IMListenerType, ListenKind>> = {
  [IMListenerType.ALL]: 'all',
  [IMListenerType.PRIVATE_MESSAGE]: 'private',
  [IMListenerType.GROUP_MESSAGE]: 'group',
  [IMListenerType.SYSTEM_MESSAGE]: 'system',
};

export function listenKindOf(type: IMListenerType): ListenKind {
  return kindOfType[type];
}

export function kindsOf(kind: ListenKind): readonly MessageKind[] {
  return kind === 'all' ? messageKinds : [kind];
}
