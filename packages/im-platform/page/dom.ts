type Child = Node | string | false | undefined;

type Properties<Element> = { [Name in keyof Element]?: Element[Name] } & {
  readonly class?: string;
  readonly label?: string;
};

/** An element with properties and children. Texts are text nodes: nothing that people write is ever read as HTML. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { class: className, label, ...properties }: Properties<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  Object.assign(element, properties);
  if (className !== undefined) element.className = className;
  if (label !== undefined) element.setAttribute('aria-label', label);
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

/** The picture of somebody, or their initial on a colour of their own. Beside the name, so screen readers skip it. */
export function avatar({
  id,
  name,
  image,
  kind,
  isOnline,
}: {
  id: number;
  name: string;
  image: string;
  kind: string;
  isOnline: boolean;
}): HTMLElement {
  const picture = isHttp(image) ? el('img', { src: image, alt: '' }) : initialOf(name);
  const element = el('span', { class: `avatar ${kind}` }, picture, isOnline && el('span', { class: 'dot' }));
  element.ariaHidden = 'true';
  element.style.setProperty('--hue', String((id * 67 + (kind === 'group' ? 180 : 200)) % 360));
  return element;
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toUpperCase() ?? '?';
}

/** What others send as an address may be anything. */
export function isHttp(address: unknown): address is string {
  return typeof address === 'string' && /^https?:\/\//i.test(address);
}

/** The time of today, the day of earlier ones; or of these both. */
export function timeOf(at: number, { full = false } = {}): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date().toDateString()) return time;
  const day = date.toLocaleDateString([], { day: 'numeric', month: 'short' });
  return full ? `${day}, ${time}` : day;
}
