import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { payload } from '../payload.ts';
import { sent, type Backend } from './backend.ts';

export const centrifugoApiKey = 'only-for-the-bench';

const mostPerCall = 64;

/** Centrifugo's HTTP API. What is sent in one turn goes in one call, up to 64 messages. */
export function centrifugoBackend(port: number, isParallel: boolean): Backend {
  const agent = new Agent({ keepAlive: true });
  let commands: string[] = [];
  let called: Promise<unknown> | undefined;

  const call = async (some: readonly string[]): Promise<void> => {
    const body = `{"commands":[${some.join()}],"parallel":${isParallel}}`;
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-api-key': centrifugoApiKey,
    };
    const asked = request({ agent, host: '127.0.0.1', port, path: '/api/batch', method: 'POST', headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const piece of answer.setEncoding('latin1')) text += String(piece);
    if (answer.statusCode !== 200 || text.includes('"error"')) throw new Error(`Centrifugo says ${text}`);
  };
  const callAll = async (): Promise<void> => {
    await nextTurn();
    const all = commands;
    commands = [];
    called = undefined;
    const calls: Promise<void>[] = [];
    for (let at = 0; at < all.length; at += mostPerCall) calls.push(call(all.slice(at, at + mostPerCall)));
    await Promise.all(calls);
  };
  const publish = (channel: string): Promise<unknown> => {
    commands.push(`{"publish":{"channel":"${channel}","data":${payload()}}}`);
    return (called ??= callAll());
  };
  return { toOne: (user) => publish(`u${user}`), toAll: () => publish('all'), flush: () => sent };
}
