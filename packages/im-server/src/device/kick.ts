import { CloseCode, Command, encodeFrame } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { toByteText } from 'im-common/internal/bus';
import type { Connection } from './connection.ts';

/** Why a connection has to go: its address is logged in elsewhere, or the business wants it out. */
export type KickReason =
  { readonly why: 'elsewhere'; readonly newDevId: string | undefined } | { readonly why: 'ended' };

/** Contract A.2: the first text is box-im's. Its page shows one of its own for both. */
const texts = {
  elsewhere: '您已在其他地方登录，将被强制下线',
  ended: '您的登录已被终止，将被强制下线',
} as const;

const closeTexts = { elsewhere: 'logged in elsewhere', ended: 'login ended' } as const;

/**
 * Takes a connection out. The same page coming back (same devId) is not told: its old wire is just closed. Code 3000 in
 * any case, or box-im's page would log in again.
 */
export function kick(connection: Connection, reason: KickReason, graceMs: number): void {
  const { login, state } = connection;
  const newDevId = reason.why === 'elsewhere' ? reason.newDevId : undefined;
  const samePage = newDevId !== undefined && newDevId !== '' && newDevId === login?.devId;
  if (samePage || state.kind !== 'online') {
    endKicked(connection, reason.why);
    return;
  }
  const frame = frameOf(reason.why, login?.acknowledges ?? false);
  connection.answer((framing) => framing.text(frame));
  connection.kick();
  // A timer of its own, for kicks are few, and the next sweep may be half a second away.
  setTimeout(endKicked, graceMs, connection, reason.why).unref();
}

export function endKicked(connection: Connection, why: KickReason['why']): void {
  connection.end(CloseCode.KICKED, closeTexts[why], 'CLOSED_BEFORE_PROOF');
}

/** P-8.4. Box-im's page takes exactly `cmd` and `data` (contract 0.2.22). */
function frameOf(why: KickReason['why'], acknowledges: boolean): ByteText {
  const frame = toByteText(encodeFrame(Command.FORCE_LOGOUT, JSON.stringify(texts[why])));
  return acknowledges ? (frame.replace(',"data":', `,"why":"${why}","data":`) as ByteText) : frame;
}
