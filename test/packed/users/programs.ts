// What a user writes who has one of the programs in a process of their own; compiled like send.ts.
import { createGateway, Gateway, type GatewayOptions } from 'im-gateway';
import { createPlatform, migrate, openDatabase, Platform, type PlatformOptions } from 'im-platform';

async function main(): Promise<void> {
  const { REDIS_URL = '', KEY_PREFIX = '', JWT_SECRET = '' } = process.env;
  const redis = { url: REDIS_URL, keyPrefix: KEY_PREFIX };
  const platformOptions: PlatformOptions = {
    ...{ redis, database: 'sqlite::memory:', host: '127.0.0.1', port: 0, filesDir: 'files' },
    ...{ accessSecret: JWT_SECRET, refreshSecret: `${JWT_SECRET}, another one` },
  };
  const gatewayOptions: GatewayOptions = { redis, apiKey: JWT_SECRET, host: '127.0.0.1', port: 0 };

  const gateway: Gateway = createGateway(gatewayOptions);
  await gateway.start();
  const platform: Platform = createPlatform(platformOptions);
  const database = openDatabase({ url: 'sqlite::memory:' });
  console.log(`migrated: ${(await migrate(database.sql)).length > 0}`);
  console.log(`classes: ${gateway instanceof Gateway && platform instanceof Platform}`);
  await Promise.all([gateway.close(), platform.close(), database.close()]);
}

void main();
