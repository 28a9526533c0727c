// One person's end, in a page and in Node alike.
import { createDevice, type WebSocketConstructor } from 'im-device';
import { withTopics } from 'im-device/topics';
import { withUplink } from 'im-device/uplink';
import { service, type Ask, type Message, type News, type Person, type Room } from './wire.ts';

/** What the screen hears of. */
export interface Screen {
  said(message: Message): void;
  news(what: Exclude<News['news'], 'said'>, person: Person): void;
  state(kind: string): void;
}

export interface Chatter {
  readonly me: Person;
  enter(room: string): Promise<Room>;
  say(room: string, text: string): Promise<Message>;
  typing(room: string): Promise<void>;
  close(): Promise<void>;
}

export async function join(
  url: string,
  name: string,
  screen: Screen,
  ws?: WebSocketConstructor,
): Promise<Chatter> {
  const answer = await fetch(`${url}/enter`, { method: 'POST', body: name });
  const { token, imUrl, ...me } = (await answer.json()) as Person & { token: string; imUrl: string };
  const device = withUplink(
    withTopics(createDevice({ url: imUrl, token: () => token, ...(ws && { WebSocket: ws }) })),
  );
  const ask = <Reply>(asked: Ask): Promise<Reply> => device.request<Reply>(service, asked);
  /** The number of the last message that was shown of each room: what comes twice is shown once. */
  const shown = new Map<string, number>();
  const show = (message: Message): void => {
    if (message.number <= (shown.get(message.room) ?? 0)) return;
    shown.set(message.room, message.number);
    screen.said(message);
  };
  const enter = async (room: string): Promise<Room> => {
    const entered = await ask<Room>({ ask: 'enter', room });
    for (const message of entered.messages) show(message);
    return entered;
  };
  device.on('message', ({ data }) => {
    const told = data as News; // nobody else sends here
    if (told.news === 'said') show(told.message);
    else screen.news(told.news, told.person);
  });
  // More was missed than the transport keeps: the room has it.
  device.onReload(async (room) => {
    await enter(room);
  });
  device.on('state', ({ kind }) => screen.state(kind));
  device.start();
  return {
    me,
    enter,
    say: (room, text) => ask<Message>({ ask: 'say', room, text }),
    async typing(room) {
      await ask({ ask: 'typing', room });
    },
    close: () => device.close(),
  };
}
