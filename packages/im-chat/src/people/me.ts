import type { ApiClient, components, operations } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { ChatError } from '../errors.ts';
import { isEqual } from '../model/equal.ts';
import { Shown } from '../readable.ts';
import { Rounds } from '../rounds.ts';
import type { Saver } from '../store/saver.ts';
import type { UserStore } from '../store/store.ts';

/** What one can change of oneself; what is absent stays. */
export type MyChanges = operations['changeMe']['requestBody']['content']['application/json'];

/** Oneself, and whether one runs the platform. */
export type Myself = components['schemas']['Me'];

interface MeDeps {
  readonly api: ApiClient;
  readonly store: Pick<UserStore, 'get'>;
  readonly saver: Pick<Saver, 'save'>;
  onError(error: ChatError): void;
}

const key = 'me';

/** The one who is signed in: as it was kept, then as the platform says. */
export class Me extends Rounds {
  readonly shown: Shown<Myself | undefined>;
  readonly #deps: MeDeps;
  #user: Myself | undefined;

  constructor(deps: MeDeps) {
    super({
      round: async () => this.#take(await ask(deps.api.GET('/v1/me'))),
      onError: (error) => deps.onError(error),
    });
    this.#deps = deps;
    this.shown = new Shown(() => this.#user);
  }

  async load(): Promise<void> {
    const kept = await this.#deps.store.get('state', key).catch(() => undefined);
    if (kept !== undefined) this.#user ??= JSON.parse(kept) as Myself; // nobody else writes there
  }

  async change(changes: MyChanges): Promise<Myself> {
    const user = await ask(this.#deps.api.PATCH('/v1/me', { body: changes }));
    this.#take(user);
    return user;
  }

  #take(user: Myself): void {
    if (this.isClosed || isEqual(this.#user, user)) return;
    this.#user = user;
    this.#deps.saver.save([{ table: 'state', key, value: JSON.stringify(user) }]);
    this.shown.changed();
  }
}
