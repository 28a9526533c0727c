import { Api, SignedOut } from './api.ts';
import { ChatView } from './chat-view.ts';
import { Client } from './client.ts';
import { el } from './dom.ts';
import { inShort } from './message-view.ts';
import { signInView, type DemoAccount } from './sign-in-view.ts';

interface Configuration {
  readonly imUrl: string | null;
  readonly demoAccounts: readonly DemoAccount[];
}

const app = byId('app');
const announcer = byId('announcer');
const api = new Api();
const configuration = (await (await fetch('page.json')).json()) as Configuration;
const imUrl =
  configuration.imUrl ?? `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.hostname}:8878/im`;
const retryMs = 2_000;

if (api.isSignedIn) await open();
else askWho();

function askWho(reason = ''): void {
  document.title = 'im';
  app.replaceChildren(
    signInView(configuration.demoAccounts, reason, async (userName, password) => {
      await api.signIn(userName, password);
      await open();
    }),
  );
}

/** From here on until somebody signs out, or is put out. */
async function open(): Promise<void> {
  const client = await loadClient();
  if (!client) return;
  /** Without a word to the server: the session may be another page's too. */
  const leave = (reason = ''): void => {
    view.close();
    void client.close();
    api.forget();
    askWho(reason);
  };
  const signOut = (): void => {
    api.signOut();
    leave();
  };
  const view = new ChatView(client, signOut);
  app.replaceChildren(view.element);
  client.start({
    changed: () => view.update(),
    said(chat, message) {
      const where = chat.kind === 'group' ? ` in ${chat.name}` : '';
      announcer.textContent = `${message.fromName}${where}: ${inShort(message)}`;
    },
    kicked: (by) => tellKicked(by, { comeBack: () => client.comeBack(), leave }),
    ended: leave,
  });
}

function tellKicked(by: string, choices: { comeBack(): void; leave(): void }): void {
  const choose = (act: () => void) => (): void => {
    dialog.remove();
    act();
  };
  const dialog = el(
    'dialog',
    { label: 'Signed in elsewhere' },
    el('h2', {}, 'Signed in elsewhere'),
    el('p', {}, 'Another page has taken over. This one is offline, and stays so.'),
    el('p', { class: 'soft' }, by),
    el(
      'div',
      { class: 'choices' },
      el('button', { onclick: choose(() => choices.comeBack()) }, 'Use it here'),
      el('button', { class: 'quiet', onclick: choose(() => choices.leave()) }, 'Sign out'),
    ),
  );
  // Escape would leave a page that looks alive and is not.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
}

/** Undefined when the session is over. While the server is away it is asked again. */
async function loadClient(): Promise<Client | undefined> {
  for (;;) {
    try {
      return await Client.load(api, imUrl);
    } catch (error) {
      if (error instanceof SignedOut) {
        askWho(error.message);
        return undefined;
      }
      app.replaceChildren(el('p', { class: 'nothing' }, 'The server cannot be reached. Trying again…'));
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}
