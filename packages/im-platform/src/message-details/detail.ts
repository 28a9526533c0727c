import type { Entity } from './entities.ts';

/** What a message is sent with, beside what box-im's tables have. */
export interface NewDetail {
  /** The number of the one that it answers. */
  readonly replyTo?: number | undefined;
  readonly forwarded?: Origin | undefined;
  readonly entities?: readonly Entity[] | undefined;
  readonly custom?: Custom | undefined;
}

/** Whose it was before it was forwarded; nobody is named when that was not to be said. */
export interface Origin {
  readonly senderId: number | null;
  readonly senderName: string | null;
  /** Who it was, whether that may be said or not; for whoever erases what they wrote. */
  readonly authorId: number | null;
}

/** What clients of one's own say to each other. */
export interface Custom {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the platform says itself has a name that nobody else may take: it stands for something that is kept elsewhere, as money. */
export function isPlatforms(name: string): boolean {
  return name.startsWith('im.');
}

/** What is encrypted end to end: nothing of it is kept elsewhere. */
export const encryptedName = 'im.encrypted';

/** How many have reacted with what, the first one first. */
export type ReactionCounts = Readonly<Record<string, number>>;

/** What stands of one message at another one that answers it. */
export interface Quote {
  readonly senderId: string;
  readonly senderName: string | null;
  /** As `type` of its content. */
  readonly type: string;
  readonly text: string;
}

export interface MessageDetail extends NewDetail {
  readonly conversation: string;
  readonly number: number;
  /** Of its last change, within its lane; 0: it is as it was sent. */
  readonly stamp: number;
  readonly editedTime: number | null;
  readonly pinnedTime: number | null;
  readonly reactions: ReactionCounts;
}

/** As the table has it. */
export interface DetailRow {
  readonly conversation: string;
  readonly number: number;
  readonly stamp: number;
  readonly replyTo: number | null;
  readonly isForwarded: number;
  readonly originId: number | null;
  readonly originName: string | null;
  readonly authorId: number | null;
  readonly editedTime: number | null;
  readonly pinnedTime: number | null;
  readonly entities: string | null;
  readonly custom: string | null;
  readonly reactions: string | null;
}

export const detailColumns = [
  ...(['conversation', 'number', 'stamp', 'replyTo', 'isForwarded', 'originId', 'originName'] as const),
  ...(['authorId', 'editedTime', 'pinnedTime', 'entities', 'custom', 'reactions'] as const),
] as const;

export function fromDetailRow(row: DetailRow): MessageDetail {
  const { conversation, number, stamp, editedTime, pinnedTime } = row;
  return {
    ...{ conversation, number, stamp, editedTime, pinnedTime },
    replyTo: row.replyTo ?? undefined,
    forwarded:
      row.isForwarded === 1
        ? { senderId: row.originId, senderName: row.originName, authorId: row.authorId }
        : undefined,
    entities: parsed(row.entities) as readonly Entity[] | undefined,
    custom: parsed(row.custom) as Custom | undefined,
    reactions: (parsed(row.reactions) as ReactionCounts | undefined) ?? {},
  };
}

/** A message with it, as it is stored. */
export function asSent(
  { conversation, number }: { readonly conversation: string; readonly number: number },
  detail: NewDetail,
): MessageDetail {
  return { stamp: 0, editedTime: null, pinnedTime: null, reactions: {}, ...detail, conversation, number };
}

export function isEmpty({ replyTo, forwarded, entities = [], custom }: NewDetail): boolean {
  return replyTo === undefined && !forwarded && entities.length === 0 && !custom;
}

export function toNewRow(
  { conversation, number }: { readonly conversation: string; readonly number: number },
  { replyTo, forwarded, entities = [], custom }: NewDetail,
): object {
  return {
    ...{ conversation, number, replyTo: replyTo ?? null, isForwarded: forwarded ? 1 : 0 },
    ...{ originId: forwarded?.senderId ?? null, originName: forwarded?.senderName ?? null },
    authorId: forwarded?.authorId ?? null,
    entities: entities.length > 0 ? JSON.stringify(entities) : null,
    custom: custom ? JSON.stringify(custom) : null,
  };
}

/** What was written here, by `toNewRow` and its like. */
function parsed(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json);
}
