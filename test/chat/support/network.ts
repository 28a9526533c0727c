/** A network between a chat and its platform, that can be away, or lose answers. */
export class Network {
  isAway = false;
  answersToLose = 0;
  /** What does not get through, once. */
  cuts: RegExp | undefined;

  readonly fetch = async (request: Request): Promise<Response> => {
    if (this.isAway || this.#isCut(request)) throw new TypeError('fetch failed');
    const isSend = request.method === 'POST' && /\/(messages|forwards)$/.test(request.url);
    const answer = await fetch(request);
    if (!isSend || this.answersToLose === 0) return answer;
    this.answersToLose -= 1;
    throw new TypeError('the connection was cut');
  };

  #isCut({ method, url }: Request): boolean {
    if (!this.cuts?.test(`${method} ${url}`)) return false;
    this.cuts = undefined;
    return true;
  }
}
