import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { languages } from '../http/texts.ts';
import type { AwayService, AwayState } from './away-service.ts';
import { timeZoneOf } from './settings.ts';

const tag = 'Notifications';

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time, as "22:30"')
  .meta({ description: 'By the clock of the time zone' });

const quietHours = z
  .strictObject({
    from: clock,
    to: clock,
    timeZone: z
      .string()
      .max(64)
      .refine((name) => timeZoneOf(name) !== undefined, 'expected a time zone, as "Europe/Berlin"'),
  })
  .meta({ description: 'Each day from then until then nothing is told, also over midnight' });

const state = z
  .object({
    channels: z
      .array(
        z.object({
          name: z.string(),
          publicKey: z.string().nullable().meta({
            description: 'Of `web`: the `applicationServerKey` to subscribe with',
          }),
        }),
      )
      .meta({ description: 'By which this platform can tell devices that are away; empty: by none' }),
    registeredBy: z.string().nullable().meta({
      description: 'The channel by which the session that asks is told; null: it is not registered',
    }),
    preview: z.boolean().meta({ description: 'Whether notifications show who wrote, and what' }),
    quietHours: z.object({ from: z.string(), to: z.string(), timeZone: z.string() }).nullable(),
  })
  .meta({ id: 'Notifications' });

export function awayApi(app: FastifyInstance, away: AwayService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/me/notifications',
    name: 'getNotifications',
    tag,
    summary: 'How I am told while no device of mine is there',
    rights: 'Whoever is signed in, of themselves and of their session.',
    answer: state,
    handle: async ({ caller }) => toState(await away.of(caller)),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/me/notifications',
    name: 'changeNotifications',
    tag,
    summary: 'Say what notifications show, and when there are none',
    rights: 'Whoever is signed in, of themselves. What is not named stays as it is.',
    body: z
      .strictObject({ preview: z.boolean().optional(), quietHours: quietHours.nullable().optional() })
      .meta({
        example: { preview: false, quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' } },
      }),
    answer: state,
    async handle({ body: { preview, quietHours: hours }, caller }) {
      return toState(await away.change(caller, { preview, quietHours: hours && toMinutes(hours) }));
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/sessions/current/push',
    name: 'registerForPush',
    tag,
    summary: 'Register this device, to be told while no device of mine is there',
    rights:
      'Whoever is signed in, their own session, which has one registration; it ends with the session. In place of others of mine with the same address.',
    body: z
      .strictObject({
        channel: z.string().max(32).meta({ description: 'One of those that `getNotifications` has' }),
        address: z.string().min(1).max(1_024).meta({
          description: 'Of `web` the endpoint of the subscription, otherwise the token of the device',
        }),
        secrets: z
          .strictObject({ p256dh: z.string().max(128), auth: z.string().max(64) })
          .optional()
          .meta({ description: 'Of `web`: the `keys` of the subscription' }),
        language: z
          .enum(languages)
          .meta({ description: 'Of what the platform itself says in notifications' }),
      })
      .meta({
        example: {
          channel: 'web',
          address: 'https://fcm.googleapis.com/fcm/send/example',
          secrets: {
            p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
            auth: 'BTBZMqHH6r4Tts7J_aSIgg',
          },
          language: 'en',
        },
      }),
    handle: ({ body, caller }) => away.register(caller, body),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/sessions/current/push',
    name: 'unregisterForPush',
    tag,
    summary: 'Do not tell this device any more',
    rights: 'Whoever is signed in, their own session.',
    handle: ({ caller }) => away.unregister(caller),
  });
}

function toState({ channels, quietHours: hours, ...more }: AwayState): z.output<typeof state> {
  return {
    ...more,
    channels: [...channels],
    quietHours: hours && { ...hours, from: toClock(hours.from), to: toClock(hours.to) },
  };
}

function toMinutes({ from, to, timeZone }: z.output<typeof quietHours>) {
  return { from: minutesOf(from), to: minutesOf(to), timeZone: timeZoneOf(timeZone) ?? timeZone };
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

function toClock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
