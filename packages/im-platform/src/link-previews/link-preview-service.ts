import type { Logger } from 'im-common';
import { Refusal } from '../http/refusal.ts';
import { Lane } from '../limits/lane.ts';
import type { Limiter } from '../limits/limiter.ts';
import { isAskable, type BoundedGet, type Got, type Wanted } from './bounded-get.ts';
import { Flights } from './flights.ts';
import type { LinkPreview } from './link-preview.ts';
import type { LinkPreviewStore } from './link-preview-store.ts';
import { readPage } from './page-facts.ts';
import { pictureTypes, smallPicture, type SmallPicture } from './small-picture.ts';

export interface LinkPreviewDeps {
  readonly store: Pick<LinkPreviewStore, 'find' | 'keep'>;
  readonly get: Pick<BoundedGet, 'get'>;
  /** Of addresses that are not known yet, by user. */
  readonly limit: Pick<Limiter, 'take'>;
  readonly logger: Logger;
  /** How long a page and its picture may take together. */
  readonly fetchMs: number;
}

interface Looked {
  readonly preview: LinkPreview | null;
  /** Nothing of it failed. */
  readonly isWhole: boolean;
}

const pageWanted: Wanted = {
  types: new Set(['text/html', 'application/xhtml+xml']),
  mostBytes: 512 * 1_024,
  mayBeCut: true,
};
const pictureWanted: Wanted = { types: pictureTypes, mostBytes: 3 * 2 ** 20, mayBeCut: false };
const hourMs = 3_600_000;
/** Long, so that a site does not learn again and again that its link is being read. */
const keptMs = 7 * 24 * hourMs;
/** Of what may be there, or whole, the next time. */
const retryMs = hourMs / 2;
/** Of one user, addresses that are not known yet. */
export const mostPerMinute = 30;
const mostAtOnce = 6;
const mostWaiting = 200;

/** What pages say of themselves: asked for by this platform, and once, whoever and however many show the link. */
export class LinkPreviewService {
  readonly #deps: LinkPreviewDeps;
  readonly #closing = new AbortController();
  readonly #asking = new Flights<LinkPreview | null>();
  readonly #known = new Flights<LinkPreview | null | undefined>();
  readonly #fetches = new Flights<LinkPreview | null>();
  readonly #lane = new Lane(mostAtOnce, mostWaiting, () => new Refusal('unavailable', { code: 503 }));
  /** A picture takes much memory while it is decoded. */
  readonly #pictures = new Lane(1, mostWaiting, () => new Refusal('unavailable', { code: 503 }));

  constructor(deps: LinkPreviewDeps) {
    this.#deps = deps;
  }

  /** Null: there is nothing to show, whatever the reason. */
  async find(userId: number, address: string): Promise<LinkPreview | null> {
    const link = new URL(address);
    // For one who reads the page; a server never sees it.
    link.hash = '';
    if (!isAskable(link)) return null;
    return this.#asking.join(`${userId} ${link.href}`, () => this.#findFor(userId, link));
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#fetches.settled();
  }

  async #findFor(userId: number, link: URL): Promise<LinkPreview | null> {
    const { href } = link;
    const known = await this.#known.join(href, () => this.#deps.store.find(href));
    if (known !== undefined) return known;
    if (!this.#fetches.has(href)) await this.#allow(userId);
    return this.#fetches.join(href, () => this.#fetch(link));
  }

  async #allow(userId: number): Promise<void> {
    const { isWithin, waitS } = await this.#deps.limit.take(String(userId));
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
  }

  async #fetch(link: URL): Promise<LinkPreview | null> {
    const { store, fetchMs } = this.#deps;
    const { preview, isWhole } = await this.#lane.run(performance.now() + fetchMs, () => this.#look(link));
    // What was broken off is not known to be nothing.
    if (!this.#closing.signal.aborted)
      await store.keep(link.href, preview, preview && isWhole ? keptMs : retryMs);
    return preview;
  }

  async #look(link: URL): Promise<Looked> {
    const { get, logger, fetchMs } = this.#deps;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(fetchMs)]);
    try {
      const got = await get.get(link, [pageWanted, pictureWanted], signal);
      return await (pictureTypes.has(got.type) ? this.#ofPicture(got) : this.#ofPage(got, signal));
    } catch (error) {
      logger.debug({ err: error, host: link.host }, 'a link cannot be looked at');
      return { preview: null, isWhole: false };
    }
  }

  async #ofPicture({ body }: Got): Promise<Looked> {
    const picture = await this.#draw(body);
    return { preview: picture && { title: null, description: null, picture }, isWhole: true };
  }

  async #ofPage(got: Got, signal: AbortSignal): Promise<Looked> {
    const { title, description, picture: at } = await readPage(got);
    if (title === null && description === null) return { preview: null, isWhole: true };
    // A page without its picture says enough.
    const picture = at ? await this.#pictureAt(at, signal).catch(() => undefined) : null;
    return {
      preview: { title, description, picture: picture ?? null },
      isWhole: picture !== undefined,
    };
  }

  async #pictureAt(url: URL, signal: AbortSignal): Promise<SmallPicture | null> {
    return this.#draw((await this.#deps.get.get(url, [pictureWanted], signal)).body);
  }

  #draw(body: Buffer): Promise<SmallPicture | null> {
    return this.#pictures.run(performance.now() + this.#deps.fetchMs, () => smallPicture(body));
  }
}
