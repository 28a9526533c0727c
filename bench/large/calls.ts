import { ann, bob, busy, cleo, dan, largeGroup, type Sizes } from './sizes.ts';

/** What people ask of a large database, each again and again. */
export interface Call {
  readonly name: string;
  readonly userId: number;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Of the time that it is asked for. */
  readonly path: (time: number) => string;
  readonly body?: (time: number) => object;
  /** Is done before, and not measured. */
  readonly before?: Call;
  /** A device that knows nothing yet. */
  readonly isNew?: boolean;
  /** What is remembered for so long would not be asked of the database. */
  readonly restMs?: number;
}

const long = `private:${ann}:${bob}`;
const group = `group:${largeGroup}`;

export function callsOf({ sets: [ofTwo, large, ofBusy] }: Sizes): Call[] {
  const last = ofTwo?.messages ?? 0;
  const lastInGroup = large?.messages ?? 0;
  const friend = ofBusy?.firstUser ?? 0;
  const somewhere = (time: number): number => 1 + ((Math.abs(time) * 7_919_993) % last);
  const send = (name: string, userId: number, conversation: string): Call => ({
    ...{ name, userId, method: 'POST', path: () => `/v1/conversations/${conversation}/messages` },
    body: (time) => ({ content: { type: 'text', text: `Message ${time} of now` } }),
  });
  const messages = (what: string, query: (time: number) => string): Call => ({
    ...{ name: `50 messages ${what}, of a million`, userId: ann, method: 'GET' },
    path: (time) => `/v1/conversations/${long}/messages?limit=50${query(time)}`,
  });
  const sync = (name: string, body: (cursor: string) => object): Call => ({
    ...{ name, userId: busy, method: 'POST', path: () => '/v1/sync', body: () => body(cursorOf(busy)) },
  });
  const readers = (hasRead: boolean): Call => ({
    name: `who of 10,000 has ${hasRead ? '' : 'not '}read a message, 50 of them`,
    ...{ userId: ann, method: 'GET' },
    path: (time) =>
      `/v1/conversations/${group}/messages/${lastInGroup - (Math.abs(time) % 500)}/readers?hasRead=${hasRead}&limit=50`,
  });
  return [
    send('send to a friend', cleo, `private:${cleo}:${dan}`),
    send('send into the conversation of a million', ann, long),
    send('send into the group of 10,000', ann, group),
    {
      ...sync('sync of a new device, 50 of 1,000 conversations with a message of each', () => ({
        messages: 1,
      })),
      isNew: true,
    },
    { ...sync('the same with 20 messages of each', () => ({ messages: 20 })), isNew: true },
    {
      ...sync('sync, one change behind', (cursor) => ({ cursor })),
      before: send('something new', friend, `private:${busy}:${friend}`),
    },
    sync('sync, nothing new', (cursor) => ({ cursor })),
    messages('at the end', () => ''),
    messages('around a number', (time) => `&around=${somewhere(time)}`),
    messages('before a number', (time) => `&before=${somewhere(time)}`),
    messages('after a number', (time) => `&after=${somewhere(time)}`),
    {
      name: 'what is unread in all of 1,000 conversations, with one of them',
      ...{ userId: busy, method: 'GET', path: () => '/v1/conversations?limit=1' },
    },
    {
      name: '50 of 1,000 conversations',
      ...{ userId: busy, method: 'GET', path: () => '/v1/conversations?limit=50' },
    },
    {
      name: 'how many of 10,000 have read each of 50 messages',
      ...{ userId: ann, method: 'GET', restMs: 1_010 },
      path: (time) =>
        `/v1/conversations/${group}/reads?from=${lastInGroup - 50 - (Math.abs(time) % 100)}&to=${lastInGroup - (Math.abs(time) % 100)}`,
    },
    readers(true),
    readers(false),
    {
      name: 'read up to a number in the group of 10,000',
      ...{ userId: bob, method: 'PUT', path: () => `/v1/conversations/${group}/read` },
      body: (time) => ({ number: lastInGroup - 400 + time }),
    },
    {
      name: 'pull of a page of box-im that is behind by little, private',
      ...{
        userId: busy,
        method: 'GET',
        path: () => `/message/private/loadOfflineMessage?minId=${newestOf(busy)}`,
      },
    },
    {
      name: 'pull of a page of box-im that is behind by little, of 500 groups',
      ...{
        userId: busy,
        method: 'GET',
        path: () => `/message/group/loadOfflineMessage?minId=${newestOf(busy)}`,
      },
    },
  ];
}

const cursors = new Map<number, string>();
const newest = new Map<number, number>();

function cursorOf(userId: number): string {
  return cursors.get(userId) ?? '';
}

function newestOf(userId: number): number {
  return newest.get(userId) ?? 0;
}

/** What the answers of these calls leave to the next ones. */
export function remember(
  userId: number,
  answer: { readonly cursor?: string | undefined; readonly newest?: number },
): void {
  if (answer.cursor !== undefined) cursors.set(userId, answer.cursor);
  if (answer.newest !== undefined) newest.set(userId, answer.newest);
}
