/**
 * For messages and logs, also of texts that are no address. Hides too much rather than too little: a password may hold a
 * "/" or an "@" that nobody has encoded.
 */
export function hidePassword(url: string): string {
  return url
    .replace(/^(.*?\/\/[^:@/]*:|.*?\/\/|).*@/s, (_, before: string) => `${before}***@`)
    .replace(/(\?).*$/s, '$1***');
}
