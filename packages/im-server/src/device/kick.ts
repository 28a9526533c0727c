import { CloseCode, Command, encodeFrame } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { toByteText } from 'im-common/internal/bus';
import type { Connection } from './connection.ts';

/** Why a connection has to go: its address is logged in elsewhere, the business wants it out, or its token was revoked. */
export type KickReason =
  | { readonly why: 'elsewhere'; readonly newDevId: string | undefined }
  | { readonly why: 'ended' | 'revoked'; readonly words?: string | undefined };

/** Contract A.2: the first text is box-im's. Its pages show one of their own for all. */
const texts = {
  elsewhere: '您已在其他地方登录，将被强制下线',
  ended: '您的登录已被终止，将被强制下线',
} as const;

const closeTexts = {
  elsewhere: 'logged in elsewhere',
  ended: 'login ended',
  revoked: 'login ended',
  occupied: 'already logged in',
} as const;

/**
 * Takes a connection out. The same page coming back (same devId) is not told: its old wire is just closed. Code 3000
 * unless the token counts no more, or box-im's page would log in again.
 */
export function kick(connection: Connection, reason: KickReason, graceMs: number): void {
  const { login, state } = connection;
  const { why } = reason;
  const words = reason.why === 'elsewhere' ? undefined : reason.words;
  const newDevId = reason.why === 'elsewhere' ? reason.newDevId : undefined;
  const samePage = newDevId !== undefined && newDevId !== '' && newDevId === login?.devId;
  if (samePage || state.kind !== 'online') {
    endKicked(connection, why, words);
    return;
  }
  if (!learnsByCode(connection, why)) {
    const frame = frameOf(why === 'elsewhere' ? why : 'ended', words, login?.acknowledges ?? false);
    connection.answer((framing) => framing.text(frame));
  }
  connection.kick();
  // A timer of its own, for kicks are few, and the next sweep may be half a second away.
  setTimeout(endKicked, graceMs, connection, why, words).unref();
}

export function endKicked(connection: Connection, why: keyof typeof closeTexts, words?: string): void {
  const code = learnsByCode(connection, why) ? CloseCode.TOKEN_REFUSED : CloseCode.KICKED;
  connection.end(code, words ?? closeTexts[why], 'CLOSED_BEFORE_PROOF');
}

/**
 * Box-im's pages call every cmd 2 a login elsewhere. One that is only closed asks over HTTP whether its token still counts,
 * and hears there that it does not (decision 018).
 */
function learnsByCode({ link, login }: Connection, why: keyof typeof closeTexts): boolean {
  return why === 'revoked' && link.framing.hasCloseCodes && !login?.acknowledges;
}

/** P-8.4. Box-im's page takes exactly `cmd` and `data` (contract 0.2.22). */
function frameOf(why: keyof typeof texts, words = texts[why] as string, acknowledges: boolean): ByteText {
  const frame = toByteText(encodeFrame(Command.FORCE_LOGOUT, JSON.stringify(words)));
  return acknowledges ? (frame.replace(',"data":', `,"why":"${why}","data":`) as ByteText) : frame;
}
