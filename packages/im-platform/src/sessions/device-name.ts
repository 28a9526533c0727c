// What somebody recognises a device by in the list of their sessions: made of what it calls itself, which nobody can rely on.

const browsers: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger\//, 'WeChat'],
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];
const longest = 64;
const readAtMost = 512;

/** `userAgent` is the header as it came; empty when it says nothing that could be shown. */
export function deviceNameOf(userAgent: string | undefined): string {
  const agent = (userAgent ?? '').slice(0, readAtMost);
  const find = (kinds: typeof browsers): string | undefined => kinds.find(([form]) => form.test(agent))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser !== undefined && system !== undefined) return `${browser} on ${system}`;
  // A program: its name and version.
  return browser ?? system ?? /^[\w.-]+(?:\/[\w.-]+)?/.exec(agent)?.[0].slice(0, longest) ?? '';
}
