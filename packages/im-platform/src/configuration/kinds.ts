import { z } from 'zod';
import { trustProxy as proxies, type TrustProxy } from 'im-common/internal/network';
import type { IceServer } from '../options.ts';

/** How an option's value is written as text. Reading gives undefined for what is wrong. */
export interface Kind<T> {
  /** In the help, e.g. `<port>`. */
  readonly placeholder: string;
  /** What the value may be, to follow "expected". */
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
}

export function integer(
  placeholder: string,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER,
): Kind<number> {
  return {
    placeholder: `<${placeholder}>`,
    expected:
      to < Number.MAX_SAFE_INTEGER
        ? `a whole number from ${from} to ${to}`
        : `a whole number, ${from} or more`,
    read(text) {
      const value = Number(text);
      return /^\d{1,16}$/.test(text) && value >= from && value <= to ? value : undefined;
    },
  };
}

const anyPort = integer('port', 0, 65_535);

/** A port of its own, or none. */
export const portOrShared: Kind<number | 'shared'> = {
  placeholder: '<port|shared>',
  expected: `${anyPort.expected}, or shared`,
  read: (given) => (given === 'shared' ? given : anyPort.read(given)),
};

/** Text of a form. */
export function text(placeholder: string, expected: string, form: RegExp = /./s): Kind<string> {
  return {
    placeholder: `<${placeholder}>`,
    expected,
    read: (given) => (form.test(given) ? given : undefined),
  };
}

export function choice<T extends string>(values: readonly T[]): Kind<T> {
  return {
    placeholder: `<${values.join('|')}>`,
    expected: `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`,
    read: (given) => values.find((value) => value === given),
  };
}

/** A flag without a value means true. */
export const boolean: Kind<boolean> = {
  placeholder: '[true|false]',
  expected: 'true or false',
  read: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
};

/** A flag without a value means one proxy. */
export const trustProxy: Kind<TrustProxy> = { ...proxies, read: proxies.fromText };

export const origins: Kind<readonly string[]> = {
  placeholder: '<origins>',
  expected: 'origins such as https://chat.example.com, with commas between them',
  read(given) {
    const list = given.split(',').map((origin) => origin.trim());
    return list.every((origin) => /^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/i.test(origin)) ? list : undefined;
  },
};

export const hosts: Kind<readonly string[]> = {
  placeholder: '<hosts>',
  expected: 'hosts such as cdn.example.com or files.example.com:8443, with commas between them',
  read(given) {
    const list = given.split(',').map((host) => host.trim().toLowerCase());
    return list.every((host) => /^([a-z\d.-]+|\[[a-f\d:]+\])(:\d+)?$/.test(host)) ? list : undefined;
  },
};

const iceServerList = z.array(
  z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }),
);

export const iceServers: Kind<readonly IceServer[]> = {
  placeholder: '<json>',
  expected: 'JSON such as [{"urls":"stun:stun.example.com"}]',
  read(given) {
    try {
      return iceServerList.parse(JSON.parse(given));
    } catch {
      return undefined;
    }
  },
};
