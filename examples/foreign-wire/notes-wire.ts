// A wire that was there before: clients in the field speak it, and stay as they are. All that is known of it is its commands, so what
// their frames look like is assumed here. Each is one JSON text, {"type":…,"body":…}:
//
//   1 CONNECT       device → server   {"token":"…","device":"…"}, the first thing that is said
//   2 CONNECT_ACK   server → device   null
//   3 PING          device → server   null
//   4 PONG          server → device   null
//   5 KICK          server → device   null, another device has taken its place
//   10 CHAT_MSG     both ways         from a device {"to":7,"text":"…","box":"…","seq":1}, to one {"from":7,"text":"…"}
//   11 CHAT_ACK     server → device   {"seq":1}: the message is on the bus; or {"seq":1,"error":"…"}
//
// `box` is a random name that a client keeps as long as its outbox, `seq` counts in it from 1 on: with them a message that is sent
// again is heard once (P-14.3).
import type { TextWire } from 'im-server';

const type = { CONNECT: 1, CONNECT_ACK: 2, PING: 3, PONG: 4, KICK: 5, CHAT_MSG: 10, CHAT_ACK: 11 } as const;

/** Our own commands (PROTOCOL.md, P-2.2). */
const cmd = { LOGIN: 0, HEART_BEAT: 1, FORCE_LOGOUT: 2, PRIVATE: 3, UPLINK: 20, UPLINK_ANSWER: 21 } as const;

/** The service that takes what people say. */
export const chat = 'chat';

export const notesWire: TextWire = {
  protocol: 'im.notes',

  fromDevice(said) {
    const frame = parse(said);
    const body = (frame?.['body'] ?? {}) as Record<string, unknown>;
    switch (frame?.['type']) {
      case type.CONNECT:
        return JSON.stringify({
          cmd: cmd.LOGIN,
          data: { accessToken: body['token'], devId: body['device'] },
        });
      case type.PING:
        return JSON.stringify({ cmd: cmd.HEART_BEAT });
      case type.CHAT_MSG: {
        const { box, seq, to, text } = body;
        return JSON.stringify({ cmd: cmd.UPLINK, data: { to: chat, box, n: seq, data: { to, text } } });
      }
      default:
        return undefined; // no frame: it is counted, and the device stays
    }
  },

  toDevice(text) {
    const frame = JSON.parse(text) as { readonly cmd: number; readonly data: Record<string, unknown> | null };
    switch (frame.cmd) {
      case cmd.LOGIN:
        return notes(type.CONNECT_ACK, null);
      case cmd.HEART_BEAT:
        return notes(type.PONG, null);
      case cmd.FORCE_LOGOUT:
        return notes(type.KICK, null);
      case cmd.PRIVATE:
        return notes(type.CHAT_MSG, frame.data);
      case cmd.UPLINK_ANSWER:
        return notes(type.CHAT_ACK, { seq: frame.data?.['n'], error: frame.data?.['error'] });
      default:
        return undefined; // its clients know nothing of groups
    }
  },
};

function notes(name: number, body: object | null): string {
  return JSON.stringify({ type: name, body });
}

/** A client may say anything; an adapter that throws loses its device. */
function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
