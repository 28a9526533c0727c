import {
  boolean,
  list,
  objectWith,
  port,
  secrets,
  text,
  type Kind,
  type TextKind,
} from 'im-common/internal/checks';
import { trustProxy } from 'im-common/internal/network';
import { z } from 'zod';
import type { KeyProvider } from './at-rest/key-provider.ts';
import { apnsOptions, type ApnsOptions } from './away/apps/apns.ts';
import { fcmOptions, type FcmOptions } from './away/apps/fcm.ts';
import type { AwayChannels } from './away/channel.ts';
import type { IceServer, PageOptions } from './options.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';
import { isSinkUrl, sinkSchemes } from './sinks/sink-address.ts';
import type { PaymentProvider } from './wallet/payment-provider.ts';

// What options of the platform may be that no other program has.

export const databaseUrl: TextKind<string> = {
  ...text('url', 'mysql://user:password@host:3306/name or sqlite:./data/im.db', /^(mysql:\/\/|sqlite:)./),
  hides: 'password',
};

const laneDatabase = text(
  'name=url',
  'a name and an address, as east=mysql://user:password@host:3306/name',
  /^[a-z][a-z\d-]{0,31}=mysql:\/\/./,
);

const laneDatabaseList = list(
  'name=url',
  'names and addresses, as east=mysql://user:password@host:3306/name, each name once,',
  laneDatabase,
);

/** Each name once. */
export const laneDatabases: TextKind<readonly string[]> = {
  ...orNone(laneDatabaseList),
  hides: 'value',
  read: (value) => eachNameOnce(orNone(laneDatabaseList).read(value)),
  fromText: (value) => eachNameOnce(laneDatabaseList.fromText(value)),
};

function eachNameOnce(given: readonly string[] | undefined): readonly string[] | undefined {
  const names = given?.map((one) => one.split('=', 1)[0]);
  return new Set(names).size === names?.length ? given : undefined;
}

export const scanner: TextKind<string> = text(
  'address',
  'tcp://host:port or unix:/path/of/clamd.ctl',
  /^(tcp:\/\/[^\s/:]+|tcp:\/\/\[[a-f\d:]+\]):\d{1,5}$|^unix:\/\S+$/i,
);

/** Of others, who know no second one beside it. */
export const oneSecret: TextKind<string> = { ...text('secret', 'a text that is not empty'), hides: 'value' };

const shortestSecret = 16;

/** One or several; the first signs. */
export const signingSecrets: TextKind<readonly string[]> = {
  ...secrets,
  expected: `a text of at least ${shortestSecret} characters, or a list of such. Make one: openssl rand -base64 32`,
  expectedText: `a text of at least ${shortestSecret} characters`,
  read: (value) => allLong(secrets.read(value)),
  fromText: (value) => allLong(secrets.fromText(value)),
};

function allLong(given: readonly string[] | undefined): readonly string[] | undefined {
  return given?.every((secret) => secret.length >= shortestSecret) ? given : undefined;
}

export const keyProvider: Kind<KeyProvider> = objectWith('a KeyProvider', {
  ...{ masterId: 'string', wrap: 'function', unwrap: 'function' },
});

export const privateKeyText: Kind<string> = { ...text('pem', 'private keys in PEM form'), hides: 'value' };

/** A port of its own, or none. */
export const portOrShared: TextKind<number | 'shared'> = {
  placeholder: '<port|shared>',
  expected: `${port.expected}, or shared`,
  read: (value) => (value === 'shared' ? value : port.read(value)),
  fromText: (value) => (value === 'shared' ? value : port.fromText(value)),
};

const hostForm = text('host', 'a host', /^([a-z\d.-]+|\[[a-f\d:]+\])(:\d+)?$/i);

export const hosts: TextKind<readonly string[]> = list(
  'hosts',
  'hosts such as cdn.example.com or files.example.com:8443',
  {
    ...hostForm,
    read: (value) => hostForm.read(value)?.toLowerCase(),
    fromText: (value) => hostForm.fromText(value)?.toLowerCase(),
  },
);

function readNetwork(value: unknown): string | undefined {
  return Array.isArray(trustProxy.read([value])) ? (value as string) : undefined;
}

/** As `trustProxy` has them. */
export const networks: TextKind<readonly string[]> = list(
  'networks',
  'networks such as 10.0.0.0/8 or loopback',
  {
    ...text('network', 'a network'),
    read: readNetwork,
    fromText: readNetwork,
  },
);

const sinkUrl = text('url', 'a URL');

function readSinkUrl(value: unknown): string | undefined {
  const given = sinkUrl.read(value);
  return given !== undefined && isSinkUrl(given) ? given : undefined;
}

const sinkUrls = list('urls', 'URLs that begin with redis, amqp, nats or kafka', {
  ...{ ...sinkUrl, read: readSinkUrl, fromText: readSinkUrl },
});

/** One of each kind. */
export const eventSinks: TextKind<readonly string[]> = {
  ...sinkUrls,
  hides: 'value',
  read: (value) => oneOfEach(sinkUrls.read(value)),
  fromText: (value) => oneOfEach(sinkUrls.fromText(value)),
};

function oneOfEach(urls: readonly string[] | undefined): readonly string[] | undefined {
  const names = urls?.map((url) => sinkSchemes[new URL(url).protocol]?.name);
  return new Set(names).size === names?.length ? urls : undefined;
}

/** A list that may be empty. */
export function orNone<T>(kind: TextKind<readonly T[]>): TextKind<readonly T[]> {
  return { ...kind, read: (value) => (Array.isArray(value) && value.length === 0 ? [] : kind.read(value)) };
}

const iceServerList = z.array(
  z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() }),
);

export const iceServers: TextKind<readonly IceServer[]> = {
  placeholder: '<json>',
  expected: 'a list such as [{ urls: "stun:stun.example.com" }]',
  expectedText: 'JSON such as [{"urls":"stun:stun.example.com"}]',
  hides: 'value',
  ...readJson((value) => iceServerList.safeParse(value).data),
};

/** What is in it is looked at together with the other options, where it can be said what of it is wrong. */
export const identityProviders: TextKind<readonly IdentityProvider[]> = {
  placeholder: '<json>',
  expected: 'a list such as [{ id: "corp", issuer: "https://id.example.com", audience: "chat" }]',
  expectedText: 'JSON such as [{"id":"corp","issuer":"https://id.example.com","audience":"chat"}]',
  hides: 'value',
  ...readJson((value) => (Array.isArray(value) ? (value as IdentityProvider[]) : undefined)),
};

function readJson<T>(read: (value: unknown) => T | undefined): Pick<TextKind<T>, 'read' | 'fromText'> {
  return {
    read,
    fromText(given) {
      try {
        return read(JSON.parse(given));
      } catch {
        return undefined;
      }
    },
  };
}

const demoAccount = z.strictObject({ userName: z.string(), nickName: z.string(), password: z.string() });
const pageOptions = z.strictObject({
  folder: z.string().min(1).optional(),
  demoAccounts: z.array(demoAccount).readonly().optional(),
});

/** As text whether there is one. */
export const page: TextKind<boolean | PageOptions> = {
  ...boolean,
  expected: 'true, false, or an object with folder and demoAccounts',
  expectedText: boolean.expected,
  read: (value) => boolean.read(value) ?? pageOptions.safeParse(value).data,
};

export const contact: TextKind<string> = text(
  'contact',
  'mailto:ops@example.com or an address of https',
  /^(mailto:[^@\s]+@[^@\s]+|https:\/\/[^\s/]+\S*)$/,
);

export const apns: Kind<ApnsOptions> = {
  expected: 'an object with key (PEM), keyId, teamId, topic and perhaps host',
  hides: 'value',
  read: (value) => apnsOptions.safeParse(value).data,
};

export const fcm: Kind<FcmOptions> = {
  expected: 'the JSON of a service account: project_id, client_email, private_key (of RSA) and token_uri',
  hides: 'value',
  read: (value) => fcmOptions.safeParse(value).data,
};

/** By the names that devices register with. */
export const awayChannels: Kind<AwayChannels> = {
  expected: 'an object with channels by their names (a-z, 0-9, - and _), each with send()',
  read(value) {
    if (typeof value !== 'object' || value === null) return undefined;
    const areChannels = Object.entries(value as Readonly<Record<string, unknown>>).every(
      ([name, channel]) => /^[a-z0-9_-]{1,32}$/.test(name) && sender.read(channel) !== undefined,
    );
    return areChannels ? (value as AwayChannels) : undefined;
  },
};

const sender = objectWith('a channel', { send: 'function' });

export const paymentProvider: Kind<PaymentProvider> = objectWith('a PaymentProvider', {
  ...{ begin: 'function', find: 'function', readNotice: 'function' },
});
