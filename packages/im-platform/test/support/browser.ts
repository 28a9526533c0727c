/** Somebody's browser, as far as addresses and cookies go: these are kept by host, as browsers do. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** One request, with the cookies of its host; where it leads to is not followed. */
  async ask(url: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const { hostname } = new URL(url);
    const jar = this.#jars.get(hostname) ?? new Map<string, string>();
    this.#jars.set(hostname, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = new Headers(headers);
    if (cookie !== '') all.set('cookie', cookie);
    const answer = await fetch(url, { redirect: 'manual', ...init, headers: all });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return answer;
  }

  /** JSON to the platform, as its page sends it. */
  post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask(url, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  cookie(host: string, name: string): string | undefined {
    return this.#jars.get(host)?.get(name);
  }

  setCookie(host: string, name: string, value: string): void {
    this.#jars.set(host, (this.#jars.get(host) ?? new Map<string, string>()).set(name, value));
  }

  /** Signs in at the provider's own pages as `login`, and stops where it would leave for another host: the address to come back to. */
  async passProvider(url: string, login: string): Promise<string> {
    const { host } = new URL(url);
    for (let at = url, step = 0; step < 12; step++) {
      if (new URL(at).host !== host) return at;
      let answer = await this.ask(at);
      if (answer.status === 200) {
        const page = await answer.text();
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
        if (prompt === undefined) throw new Error(`The provider shows a page without a form: ${page}`);
        const body = new URLSearchParams({ prompt, ...(prompt === 'login' && { login, password: 'any' }) });
        answer = await this.ask(at, { method: 'POST', body });
      }
      const location = answer.headers.get('location');
      if (location === null)
        throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
      at = new URL(location, at).href;
    }
    throw new Error('The provider never comes to an end');
  }
}
