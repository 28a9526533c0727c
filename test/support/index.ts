export { selfSigned } from './certificate.ts';
export { launchChromium, newChromiumContext, newDenyingContext, type BrowserKind } from './chromium.ts';
export { onCleanup, onFileCleanup } from './cleanup.ts';
export { cpuMsOf } from './cpu.ts';
export { dataRoot } from './data-root.ts';
export { findMariaDb, type MariaDbProgram } from './find-mariadb.ts';
export { findProgram } from './find-program.ts';
export { asDocumented, documentedDefaults } from './documented-defaults.ts';
export { freePort } from './free-port.ts';
export { inTime } from './in-time.ts';
export { startMariaDb, type MariaDbServer, type MariaDbServerOptions } from './mariadb-server.ts';
export { startOidcProvider, type OidcProvider } from './oidc-provider.ts';
export { runnable } from './program-files.ts';
export {
  connectDevice,
  type Closed,
  type RawDevice,
  type RawDeviceOptions,
  type RawFrame,
  type WaitOptions,
} from './raw-device.ts';
export { startCluster, type RedisCluster, type RedisClusterOptions } from './redis-cluster.ts';
export type { RedisServer } from './redis-process.ts';
export { untilReplicated } from './replicated.ts';
export { startSentinel, type RedisSentinel, type RedisSentinelOptions } from './redis-sentinel.ts';
export { startRedis, type RedisServerOptions } from './redis-server.ts';
export { leastMs, msOf } from './least-ms.ts';
export { keptMysql, testMysql, type TestMysql } from './test-mysql.ts';
export { testRedis, type TestRedis } from './test-redis.ts';
export { makeToken, type TokenOptions } from './token.ts';
