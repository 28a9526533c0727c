import { avatar, el } from './dom.ts';

export interface DemoAccount {
  readonly userName: string;
  readonly nickName: string;
  readonly password: string;
}

/** Asks who it is. `signIn` rejects with what is to be shown. */
export function signInView(
  demoAccounts: readonly DemoAccount[],
  reason: string,
  signIn: (userName: string, password: string) => Promise<void>,
): HTMLElement {
  const problem = el('p', { class: 'problem', role: 'alert' }, reason);
  const attempt = (userName: string, password: string): void => {
    problem.textContent = '';
    signIn(userName, password).catch((error: unknown) => {
      problem.textContent =
        error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message;
    });
  };
  const name = el('input', {
    name: 'username',
    autocomplete: 'username',
    placeholder: 'Name',
    label: 'Name',
    required: true,
  });
  const password = el('input', {
    ...{ name: 'password', type: 'password', autocomplete: 'current-password' },
    ...{ placeholder: 'Password', label: 'Password', required: true },
  });
  const form = el('form', {}, name, password, el('button', {}, 'Sign in'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(name.value, password.value);
  });
  const accounts = demoAccounts.map((account, index) => {
    const person = { id: index + 1, name: account.nickName, image: '', kind: 'friend', isOnline: false };
    return el(
      'button',
      { onclick: () => attempt(account.userName, account.password) },
      avatar(person),
      account.nickName,
    );
  });
  return el(
    'main',
    { class: 'sign-in' },
    el('h1', {}, 'Who are you?'),
    accounts.length > 0 && el('p', { class: 'soft' }, 'Take one of these, and another one in a second tab.'),
    accounts.length > 0 && el('div', { class: 'accounts' }, ...accounts),
    accounts.length > 0 && el('h2', {}, 'Or with a name and a password'),
    form,
    problem,
  );
}
