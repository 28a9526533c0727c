import { conversationOfGroup } from '../groups/group.ts';
import { conversationOf } from '../messages/private/private-message.ts';

// What is encrypted, and what each value is bound to: put elsewhere, it cannot be read. docs/encryption.md says of every other column why it is not.

type Row = Readonly<Record<string, unknown>>;

export interface SealedColumn {
  /** At the head of what is encrypted, so that whoever reads a row knows whence it is. */
  readonly letter: string;
  readonly table: string;
  readonly column: string;
  /** The columns that say which row it is, and never change. */
  readonly identity: readonly string[];
  /** Whose key it is encrypted with. */
  readonly scopeOf: (row: Row) => string;
  /** What stands for a value that cannot be read. */
  readonly unreadable: (text: string) => string | null;
}

const text = (said: string): string => said;
const unsendable = (said: string): string =>
  JSON.stringify({ content: { type: 'text', text: said }, mentions: [], isUnreadable: true });
const byName = (row: Row): string => String(row['conversation']);

export const sealedColumns: readonly SealedColumn[] = [
  {
    ...{ letter: 'p', table: 'im_private_message', column: 'content' },
    identity: ['sendId', 'recvId', 'number'],
    scopeOf: (row) => conversationOf(Number(row['sendId']), Number(row['recvId'])),
    unreadable: text,
  },
  {
    ...{ letter: 'g', table: 'im_group_message', column: 'content' },
    identity: ['groupId', 'sendId', 'number'],
    scopeOf: (row) => conversationOfGroup(Number(row['groupId'])),
    unreadable: text,
  },
  {
    ...{ letter: 'c', table: 'im_message_detail', column: 'custom' },
    ...{ identity: ['conversation', 'number'], scopeOf: byName, unreadable: () => null },
  },
  {
    ...{ letter: 'e', table: 'im_message_edit', column: 'content' },
    ...{ identity: ['conversation', 'number', 'version'], scopeOf: byName, unreadable: text },
  },
  {
    ...{ letter: 'd', table: 'im_conversation_member', column: 'draft' },
    ...{ identity: ['userId', 'conversation'], scopeOf: byName, unreadable: () => null },
  },
  {
    ...{ letter: 's', table: 'im_scheduled_message', column: 'saying' },
    ...{ identity: ['userId', 'conversation', 'onceKey'], scopeOf: byName, unreadable: unsendable },
  },
  {
    ...{ letter: 'r', table: 'im_red_packet', column: 'greeting' },
    ...{ identity: ['conversation', 'id'], scopeOf: byName, unreadable: text },
  },
  // What stands in the database of a lane soon after.
  {
    ...{ letter: 'l', table: 'im_lane_order', column: 'draft' },
    ...{ identity: ['conversation'], scopeOf: byName, unreadable: () => null },
  },
  // Reports and events are read by the hundred, of many conversations.
  {
    ...{ letter: 't', table: 'im_report', column: 'text' },
    ...{ identity: ['reporterId', 'target'], scopeOf: () => 'reports', unreadable: text },
  },
  {
    ...{ letter: 'v', table: 'im_report', column: 'evidence' },
    ...{
      identity: ['reporterId', 'target'],
      scopeOf: () => 'reports',
      unreadable: () => '{"unreadable":true}',
    },
  },
  {
    ...{ letter: 'o', table: 'im_outbox', column: 'body' },
    ...{
      identity: ['sink', 'id'],
      scopeOf: () => 'outbox',
      unreadable: () => '{"data":{"unreadable":true},"userIds":[]}',
    },
  },
];

const ofTables = new Map<string, SealedColumn[]>();
for (const one of sealedColumns) ofTables.set(one.table, [...(ofTables.get(one.table) ?? []), one]);

export function sealedIn(table: string): readonly SealedColumn[] {
  return ofTables.get(table) ?? [];
}

/** What has to be selected beside, so that what is encrypted in a table can be read. */
export function identityIn(table: string): readonly string[] {
  return [...new Set(sealedIn(table).flatMap(({ identity }) => identity))];
}

const ofLetters = new Map(sealedColumns.map((one) => [one.letter, one]));
export const namesOfSealed: ReadonlySet<string> = new Set(sealedColumns.map(({ column }) => column));

/** What says nothing is left as it is: questions in SQL look for it. */
export function saysNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === '{}';
}

export interface Sealed {
  readonly of: SealedColumn;
  readonly version: number;
  readonly bytes: Buffer;
}

const head = 'im1:';
const form = /^im1:([a-z]):(\d{1,9}):([A-Za-z0-9+/]+={0,2})$/;

export function looksSealed(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(head);
}

export function writeSealed({ of, version, bytes }: Sealed): string {
  return `${head}${of.letter}:${version}:${bytes.toString('base64')}`;
}

/** Undefined: it only looks as if it were. */
export function readSealed(value: string, column: string): Sealed | undefined {
  const [, letter = '', version, text = ''] = form.exec(value) ?? [];
  const of = ofLetters.get(letter);
  if (of?.column !== column) return undefined;
  return { of, version: Number(version), bytes: Buffer.from(text, 'base64') };
}

/** What a value is bound to. Undefined: the row lacks a column that says which one it is. */
export function bindingOf({ letter, identity }: SealedColumn, version: number, row: Row): string | undefined {
  const values = identity.map((name) => row[name]);
  return values.includes(undefined) ? undefined : [letter, version, ...values].join('\n');
}
