// Two people who chat in the terminal: what the page does, in Node.
import { WebSocket } from 'ws';
import { join, type Chatter } from './client.ts';

/** Resolves when both have heard each other. */
export async function chatInTerminal(url: string): Promise<void> {
  let heard = 0;
  let wake = (): void => undefined;
  const open = (name: string): Promise<Chatter> =>
    join(
      url,
      name,
      {
        said({ number, from, text }) {
          console.log(`${name} hears: ${number} ${from.name}: ${text}`);
          heard += 1;
          wake();
        },
        news: (what, person) => console.log(`${name} sees: ${person.name} ${what}`),
        state: (kind) => console.log(`${name} is ${kind}`),
      },
      WebSocket,
    );
  const ann = await open('Ann');
  await ann.enter('lobby');
  await ann.say('lobby', 'hello?');
  const bob = await open('Bob');
  const { people } = await bob.enter('lobby');
  console.log(`In the lobby: ${people.map(({ name }) => name).join(' and ')}`);
  await bob.typing('lobby');
  await bob.say('lobby', 'hello Ann');
  await ann.say('lobby', 'there you are');
  await bob.say('nowhere', 'x').catch((error: unknown) => console.log(`Bob is told: ${String(error)}`));
  while (heard < 6) await new Promise<void>((resolve) => (wake = resolve));
  await bob.close();
  await ann.close();
}
