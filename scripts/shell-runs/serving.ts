/** A line that starts what serves until it is ended. */
interface Serving {
  readonly form: RegExp;
  /** What it says when it does. */
  readonly ready: string;
  /** The code that it ends with at Ctrl-C: 130 is that of npm, whatever it has started, and of who does not listen. */
  readonly ending: number;
}

const own = '"msg":"started"';

export const serving: readonly Serving[] = [
  {
    form: /^(npx im-server|im-server|(npx )?im-(platform|gateway) start|node --conditions=im-source --import tsx packages\/im-server)\b/,
    ready: own,
    ending: 0,
  },
  { form: /^prometheus /, ready: 'ready to receive web requests', ending: 0 },
  { form: /^npm run (server|gateway)\b/, ready: own, ending: 130 },
  { form: /^npm run receiver\b/, ready: 'is online', ending: 130 },
  { form: /^npm run demo:observe$/, ready: 'Ctrl-C ends it', ending: 130 },
  { form: /^npm start -w example-bot$/, ready: 'Helper is user', ending: 130 },
  { form: /^npm start -w example-customer-service\b/, ready: 'The desk is open', ending: 130 },
  { form: /^npm start -w example-tiny-chat +#/, ready: 'Chat at', ending: 130 },
  { form: /^npm start$/, ready: 'Ready after|Devices connect to', ending: 130 },
  { form: /^TOKEN=.* node device\.mjs /, ready: '^online', ending: 130 },
  { form: /^python3 \S+\/webhooks\.py$/, ready: 'hears at', ending: 130 },
  { form: /^npx tsx backend\.ts\b/, ready: '^at 3000', ending: 130 },
  { form: /^npx tsx device\.ts\b/, ready: '^online', ending: 130 },
];
