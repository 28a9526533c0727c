/** For messages and print-outs. Hides too much rather than too little: a password may hold a forgotten "/" or "@". */
export function hidePassword(url: string): string {
  return url.replace(/(\/\/[^:@/]*):.*@/s, '$1:***@');
}
