/** An account that one click signs in, on a server for trying things out. */
export interface DemoAccount {
  readonly userName: string;
  readonly nickName: string;
  readonly password: string;
}

/** Where else one may have an account to sign in with. */
export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
}

export interface Configuration {
  /** Where devices connect. */
  readonly imUrl: string;
  readonly demoAccounts: readonly DemoAccount[];
  readonly identityProviders: readonly IdentityProvider[];
  /** Whether it looks at what links lead to. */
  readonly linkPreviews: boolean;
  /** Whether people send each other red packets. */
  readonly redPackets: boolean;
  /** Whether people have a drive. */
  readonly drive: boolean;
  /** Whether people may encrypt what they say. */
  readonly endToEnd: boolean;
}

const key = 'im-web:configuration';

/** What the platform says about itself; without a network, what it said last. */
async function load(): Promise<Configuration> {
  const said = await fetch('page.json').then(
    (answer) => (answer.ok ? answer.text() : undefined),
    () => undefined,
  );
  if (said !== undefined) localStorage.setItem(key, said);
  const known = JSON.parse(said ?? localStorage.getItem(key) ?? '{}') as Partial<
    Omit<Configuration, 'imUrl'> & { imUrl: string | null }
  >;
  return {
    imUrl: known.imUrl ?? usualImUrl(),
    demoAccounts: known.demoAccounts ?? [],
    identityProviders: known.identityProviders ?? [],
    linkPreviews: known.linkPreviews ?? false,
    redPackets: known.redPackets ?? false,
    drive: known.drive ?? false,
    endToEnd: known.endToEnd ?? false,
  };
}

function usualImUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.hostname}:8878/im`;
}

export const configuration: Configuration = await load();
