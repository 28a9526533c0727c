// The chat: rooms, what is said in them, and who is there. All of it on im-client; there is no database, so it ends with the process.
import { UplinkRefusal, type ImClient, type Uplink } from 'im-client';
import { service, type Ask, type Message, type News, type Person, type Room } from './wire.ts';

/** Messages that a room remembers, and how long the transport keeps them for devices between two connections. */
const remembered = 100;
const keep = { forMs: 60_000, most: remembered };
const longestText = 500;

export class Chat {
  readonly #im: ImClient<{ group: News }>;
  readonly #names = new Map<string, string>();
  readonly #rooms = new Map<string, Message[]>();
  /** What was said lately, by the id of its uplink. */
  readonly #said = new Map<string, Message>();
  /** The number of the last event of each device, and whether it is online. */
  readonly #devices = new Map<string, { readonly number: number; readonly online: boolean }>();

  constructor(im: ImClient<{ group: News }>) {
    this.#im = im;
  }

  /** Before the client starts. */
  listen(): void {
    // Of one user one after the other, so that what somebody says keeps its order.
    this.#im.onUplink<Ask>(service, (uplink) => this.#answer(uplink));
    this.#im.on('presence', async (events) => {
      for (const event of events) {
        if (event.event === 'restart') continue;
        const { userId, terminal, number, online } = event;
        const device = `${userId}:${terminal}`;
        const before = this.#devices.get(device);
        // Told before, or overtaken by what another server told.
        if (number <= (before?.number ?? 0)) continue;
        this.#devices.set(device, { number, online });
        if (online !== (before?.online ?? false)) await this.#tellRooms(online ? 'came' : 'went', userId);
      }
    });
  }

  /** A new person. Whoever comes again with the same name is another one: there are no passwords here. */
  register(name: string): Person {
    const id = String(this.#names.size + 1);
    this.#names.set(id, name.trim().slice(0, 20) || `guest ${id}`);
    return this.#person(id);
  }

  async #answer({ id, user, terminal, data: asked }: Uplink<Ask>): Promise<Room | Message | null> {
    const { room } = asked;
    if (typeof room !== 'string' || !/^[\w-]{1,30}$/.test(room)) throw new UplinkRefusal('That is no room.');
    switch (asked.ask) {
      case 'enter': {
        await this.#im.topics.add(room, [user]);
        await this.#tell({ news: 'came', room, person: this.#person(user) });
        return { messages: this.#messages(room).slice(-remembered), people: await this.#peopleIn(room) };
      }
      case 'leave':
        await this.#im.topics.remove(room, [user]);
        await this.#tell({ news: 'went', room, person: this.#person(user) });
        return null;
      case 'say':
        await this.#requireIn(room, user);
        return this.#say(id, user, asked);
      case 'typing': {
        await this.#requireIn(room, user);
        const news = { news: 'typing', room, person: this.#person(user) } as const;
        // Of the moment only: nobody is told later, and not the one who types.
        const sender = { id: user, terminal };
        await this.#im.sendGroupMessage({
          ...{ sender, topic: room, except: [sender], sendResult: false, expiresInMs: 10_000, data: news },
        });
        return null;
      }
      default:
        throw new UplinkRefusal('The chat does not know that.');
    }
  }

  /** `id` is the same when an uplink comes again, because this process took too long or its answer was lost: it is said once. */
  async #say(id: string, user: string, { room, text }: Extract<Ask, { ask: 'say' }>): Promise<Message> {
    const known = this.#said.get(id);
    if (known) return known;
    if (typeof text !== 'string' || text.trim() === '' || text.length > longestText)
      throw new UplinkRefusal(`A message has 1 to ${longestText} characters.`);
    const messages = this.#messages(room);
    const number = (messages.at(-1)?.number ?? 0) + 1;
    const message = { room, number, from: this.#person(user), text, at: Date.now() };
    messages.push(message);
    if (messages.length > remembered) messages.shift();
    this.#said.set(id, message);
    if (this.#said.size > 1_000) this.#said.delete([...this.#said.keys()][0] ?? '');
    await this.#tell({ news: 'said', message });
    return message;
  }

  /** To all devices of those who are in the room, whichever server they are on; kept for those who are between two. */
  async #tell(news: News): Promise<void> {
    const topic = news.news === 'said' ? news.message.room : news.room;
    const isMessage = news.news === 'said';
    await this.#im.sendGroupMessage({
      sender: { id: '0', terminal: -1 },
      ...{ topic, sendResult: false, data: news, ...(isMessage && { keep }) },
    });
  }

  async #tellRooms(news: 'came' | 'went', id: string): Promise<void> {
    for (const room of await this.#im.topics.topicsOf(id))
      await this.#tell({ news, room, person: this.#person(id) });
  }

  async #requireIn(room: string, user: string): Promise<void> {
    if (!(await this.#im.topics.topicsOf(user)).includes(room))
      throw new UplinkRefusal('You are not in the room.');
  }

  async #peopleIn(room: string): Promise<Person[]> {
    // A page has some hundreds; more are not for a list.
    const { userIds } = await this.#im.topics.online(room);
    return [...new Set(userIds)].map((id) => this.#person(id));
  }

  #person(id: string): Person {
    return { id, name: this.#names.get(id) ?? `user ${id}` };
  }

  #messages(room: string): Message[] {
    let messages = this.#rooms.get(room);
    if (!messages) this.#rooms.set(room, (messages = []));
    return messages;
  }
}
