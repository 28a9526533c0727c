/** What others can be told of. */
export const eventTypes = [
  'message.created',
  'message.edited',
  'message.recalled',
  'conversation.read',
  'group.created',
  'group.joined',
  'group.left',
  'group.dissolved',
  'user.signed_in',
  'report.created',
  'file.uploaded',
  'user.erased',
] as const;
export type EventType = (typeof eventTypes)[number];

export function isEventType(word: string): word is EventType {
  return eventTypes.some((type) => type === word);
}

/** Something that has happened, as whoever is told needs it: so that they have nothing to ask. */
export interface PlatformEvent {
  readonly type: EventType;
  /** A conversation, or `user:{id}`: events of one subject are told in order. */
  readonly subject: string;
  readonly time: number;
  readonly data: object;
  /** Who has to do with it: what they are called is told with it. */
  readonly userIds: readonly number[];
  /** Of the message that it is about. */
  readonly number?: number;
  /** Whom the message mentions, as `/v1` says it. */
  readonly mentions?: readonly string[];
}

/** As the outbox keeps it. */
export interface KeptBody {
  readonly data: object;
  readonly userIds: readonly number[];
}
