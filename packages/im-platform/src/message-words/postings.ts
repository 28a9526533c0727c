import { createHash } from 'node:crypto';
import { readContent, type WrittenMessage } from '../client/content.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import { sealingOf } from '../db/sealing.ts';
import type { MessageKey } from '../message-details/detail-rows.ts';
import { keysOf } from './words.ts';

export interface Posted extends MessageKey {
  readonly id: number;
}

const rowsPerStatement = 500;

/** What of a content is searched for: words, and the names of files. */
export function wordsOf(content: {
  readonly type: string;
  readonly text?: string;
  readonly name?: string | undefined;
}): string {
  switch (content.type) {
    case 'text':
    case 'custom':
      return content.text ?? '';
    case 'file':
      return content.name ?? '';
    default:
      return '';
  }
}

/** The same, of a message as it is stored. */
export function wordsIn(message: WrittenMessage): string {
  return wordsOf(readContent(message));
}

/** Stands for a word in a conversation, in 48 bits: two that are the same find more, and the text decides. */
export function postingOf(conversation: string, key: string): number {
  return createHash('sha256').update(`${conversation}\n${key}`).digest().readUIntBE(0, 6);
}

/** From now on these messages are found by these texts; what they were found by before stays. */
export async function putWords(
  sql: Sql,
  messages: readonly (Posted & { readonly text: string })[],
): Promise<void> {
  // Whoever has the table could try words until one is in it.
  if (sealingOf(sql)) return;
  const rows = messages.flatMap(({ conversation, number, id, text }) =>
    keysOf(text).map((key) => ({ posting: postingOf(conversation, key), id, number })),
  );
  // In one order for everybody.
  rows.sort((one, other) => one.posting - other.posting || one.id - other.id);
  for (const some of chunksOf(rows, rowsPerStatement))
    await sql('im_search_posting').insert(some).onConflict(['posting', 'id']).ignore();
}

/** In the transaction that takes the message back, before its versions are gone: by none of them it is found any more. */
export async function removeWords(sql: Sql, { conversation, number, id }: Posted): Promise<void> {
  if (sealingOf(sql)) return;
  const table = conversation.startsWith('private:') ? 'im_private_message' : 'im_group_message';
  const row = await sql(table).where({ id }).first<WrittenMessage | undefined>('type', 'content');
  const versions = await sql('im_message_edit')
    .where({ conversation, number })
    .select<{ content: string }[]>('content');
  const texts = [
    ...(row ? [wordsIn({ type: row.type, content: row.content })] : []),
    ...versions.map(({ content }) => content),
  ];
  const postings = new Set(texts.flatMap(keysOf).map((key) => postingOf(conversation, key)));
  const rising = [...postings].sort((one, other) => one - other);
  for (const some of chunksOf(rising, rowsPerStatement))
    await sql('im_search_posting').whereIn('posting', some).where({ id }).delete();
}
