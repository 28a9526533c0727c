import sharp from 'sharp';
import { upload, type UploadedImage } from './files.ts';
import { messageTypes, say, sayInGroup } from './messages.ts';
import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

// Files that somebody has sent, and who loads them by which address.

/** To whom ann has sent one: to each who asks, to somebody else, and to the group. */
const carriers = ['with ann', 'of others', 'of the group'] as const;
type Carrier = (typeof carriers)[number];

/** Paths of the files of messages, and of her picture. */
export type SentFiles = Readonly<Record<Carrier | 'face', string>>;

interface Senders {
  readonly ann: Person;
  readonly group: number;
  readonly readers: readonly Person[];
  readonly victim: Person;
}

export async function sendFiles(
  test: TestPlatform,
  { ann, group, readers, victim }: Senders,
): Promise<SentFiles> {
  const newFile = async (text: string): Promise<string> =>
    (await upload(`${test.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from(text) })).data;
  const more = { type: messageTypes.FILE };
  const contentOf = (url: string): string => JSON.stringify({ name: 'a.txt', size: 1, url });
  const [toEach, toVictim, toGroup] = [await newFile('1'), await newFile('2'), await newFile('3')];
  for (const person of readers) await say(ann, person, contentOf(toEach), more);
  await say(ann, victim, contentOf(toVictim), more);
  await sayInGroup(ann, group, contentOf(toGroup), more);
  const red = sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
  const image = { name: 'a.png', bytes: await red.png().toBuffer() };
  const { originUrl, thumbUrl } = (await upload<UploadedImage>(`${test.url}/image/upload`, ann, image)).data;
  const picture = { headImage: originUrl, headImageThumb: thumbUrl };
  await ann.put('/user/update', { id: ann.id, userName: 'ann', nickName: 'ann', ...picture });
  return {
    ...{ 'with ann': pathOf(toEach), 'of others': pathOf(toVictim), 'of the group': pathOf(toGroup) },
    face: pathOf(originUrl),
  };
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}

/** Stands above the table. */
export const aboutFiles = `With signed links, which are the default. ann has sent a file to each of them, one to somebody else, and one to the group when the ex-member had
left. A link works for whomever it is handed on to, until its end (decision 056).`;

interface FileScene extends Pick<Senders, 'ann' | 'group' | 'victim'> {
  readonly files: SentFiles;
  readonly people: Readonly<Record<string, Person>>;
  readonly otherOf: (role: string) => Person;
}

interface FileRow {
  readonly route: string;
  ask(url: string, role: string): Promise<string>;
}

export function fileRows(scene: FileScene): FileRow[] {
  const { files } = scene;
  const route = 'GET /files/{key}';
  const shown = async (url: string, role: string, carrier: Carrier): Promise<string> => {
    const link = await linkShown(scene, url, role, carrier);
    return link === undefined ? 'not shown' : load(url + link);
  };
  return [
    ...carriers.flatMap((carrier): FileRow[] => [
      {
        route: `${route}, ${carrier}, by the link that they are shown`,
        ask: (url, role) => shown(url, role, carrier),
      },
      { route: `${route}, ${carrier}, by its plain address`, ask: (url) => load(url + files[carrier]) },
    ]),
    {
      route: `${route}, of the group, by a link that ann handed on`,
      ask: (url) => shown(url, 'owner', 'of the group'),
    },
    { route: `${route}, a picture of ann`, ask: (url) => load(url + files.face) },
  ];
}

/** Of a page of the conversation. */
async function linkShown(
  { ann, group, victim, files, people, otherOf }: FileScene,
  url: string,
  role: string,
  carrier: Carrier,
): Promise<string | undefined> {
  const me = people[role];
  if (!me) return undefined;
  const [one, other] = carrier === 'of others' ? [ann, victim] : [me, otherOf(role)];
  const between = `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
  const conversation = carrier === 'of the group' ? `group:${group}` : between;
  const answer = await fetch(`${url}/v1/conversations/${conversation}/messages`, {
    headers: { authorization: `Bearer ${me.tokens.accessToken}` },
  });
  const link = (await answer.text()).split('"').find((text) => text.includes(files[carrier]));
  return link === undefined ? undefined : files[carrier] + new URL(link).search;
}

async function load(url: string): Promise<string> {
  const answer = await fetch(url);
  const text = await answer.text();
  return answer.ok
    ? String(answer.status)
    : `${answer.status} ${(JSON.parse(text) as { code: string }).code}`;
}
