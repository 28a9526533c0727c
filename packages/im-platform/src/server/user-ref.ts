import { z } from 'zod';
import { toName } from '../http/names.ts';

/** How other back ends name a user: by our id, by an id of their own, or by the name to sign in with. */
export type UserRef =
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'external'; readonly externalId: string }
  | { readonly kind: 'name'; readonly userName: string };

const form = /^(?:[1-9]\d{0,15}|external:[\x21-\x7e]{1,128}|name:.{1,64})$/u;

/** In a path or a body. */
export const userRef: z.ZodType<UserRef, string> = z
  .string()
  .regex(form, 'expected "42", "external:…" (1 to 128 visible characters of ASCII) or "name:…"')
  .transform(toRef)
  .meta({
    description:
      'Of the user: the id here, `external:` and the id at your back end, or `name:` and the user name',
    example: 'external:customer-7',
  });

function toRef(text: string): UserRef {
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (kind === 'external') return { kind, externalId: rest };
  if (kind === 'name') return { kind, userName: toName(rest) };
  return { kind: 'id', id: Number(text) };
}
