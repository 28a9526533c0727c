// `npm start`: a whole chat in one process, with nothing to install first. all-in-one.ts is what it starts.
import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { onEnd } from 'im-common/internal/program';
import type { AllInOne, AllInOneOptions } from './all-in-one.ts';
import { isLoopback } from './scripts/is-loopback.ts';

const usage = `Usage: npm start -- [options]
  --port 8888          of the page and its API
  --im-port 8878       of the push server
  --host 127.0.0.1     interface to listen on; 0.0.0.0 lets other machines in
  --public-url URL     where others find the page: addresses of uploaded pictures begin with it
  --im-url URL         where their devices connect, by default the host of the page and --im-port
  --open-uploads       takes pictures without a token, as box-im's uniapp sends them: whoever reaches it may fill the disk
  --data ./data        where everything is kept
What is off until it is asked for:
  --drive              people have folders of files, and share them
  --end-to-end         people may encrypt what they say to each other
  --red-packets        people may send each other red packets, of play money that everybody may pay in
  --admin              Ann is an admin: users, reports, words, campaigns; on this machine only
  --all                all four of them`;

type Options = Omit<AllInOneOptions, 'say'>;

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8888' },
      'im-port': { type: 'string', default: '8878' },
      host: { type: 'string', default: '127.0.0.1' },
      'public-url': { type: 'string' },
      'im-url': { type: 'string' },
      'open-uploads': { type: 'boolean', default: false },
      data: { type: 'string', default: './data' },
      drive: { type: 'boolean', default: false },
      'end-to-end': { type: 'boolean', default: false },
      'red-packets': { type: 'boolean', default: false },
      admin: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { all } = values;
  const admin = all || values.admin;
  return {
    port: portOf('port', values.port),
    imPort: portOf('im-port', values['im-port']),
    host: values.host,
    publicUrl: values['public-url'],
    imUrl: values['im-url'],
    openUploads: values['open-uploads'],
    data: values.data,
    drive: all || values.drive,
    endToEnd: all || values['end-to-end'],
    redPackets: all || values['red-packets'],
    campaigns: admin,
    admin: admin ? 'ann' : undefined,
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new TypeError(`--${name} is "${text}"; expected a port from 0 to 65535.`);
}

function welcome({ url, imUrl, accounts }: AllInOne, options: Options): string {
  const { host, data } = options;
  const names = accounts.map(({ userName }) => userName).join(', ');
  const seconds = (performance.now() / 1000).toFixed(1);
  return `
Ready after ${seconds} s. Open ${url} in two tabs, and sign in as two people:
  ${names} (password ${accounts[0]?.password})

The API is explained at ${url}/docs, devices connect to ${imUrl}.
${options.admin === undefined ? 'A drive, encryption, red packets and an admin: npm start -- --all' : `Ann is an admin: ${url}/#/admin`}
Everything is kept in ${data}. Ctrl-C ends.
${isLoopback(host) ? '' : warnings(url, options)}`;
}

/** Said when other machines are let in. */
function warnings(url: string, { host, publicUrl }: Options): string {
  const said = [
    `Other machines reach this (--host ${host}). The accounts above are for everybody: their password is public, and the page
signs in as them with one click. Put nothing here that strangers must not see.`,
  ];
  if (publicUrl === undefined) {
    said.push(`Pictures get addresses that begin with ${url}, which other machines do not find.
Say where they find this one: --public-url http://${ownAddress(host)}:${new URL(url).port}`);
  }
  return `\n${said.join('\n\n')}\n`;
}

/** What others may call this machine: the address that is listened to, or the first of its own. */
function ownAddress(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((several) => several ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '<its name>';
}

function say(what: string): void {
  console.log(`${what}…`);
}

function fail(error: unknown): void {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exit(1);
}

let running: AllInOne | undefined;
onEnd(() => void Promise.resolve(running?.close()).then(() => process.exit(0), fail));
try {
  const options = readOptions();
  // Not imported above: reading all of it takes longest, and nothing would be said before it.
  say('Loading');
  const { startAllInOne } = await import('./all-in-one.ts');
  running = await startAllInOne({ ...options, say });
  console.log(welcome(running, options));
} catch (error) {
  fail(error);
}
