// What a user writes in NestJS; compiled to CommonJS with the settings of `nest new`.
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ImClient, IMListener, IMListenerType, type PrivateResult } from 'im-client';
import { ImModule } from 'im-nest';

const { REDIS_URL = '', KEY_PREFIX = '', USER_ID = '' } = process.env;

@Injectable()
@IMListener(IMListenerType.PRIVATE_MESSAGE)
export class Untold {
  constructor(private readonly im: ImClient) {}

  process(results: PrivateResult<string>[]): void {
    for (const { data, reason } of results) console.log(`${data}: ${reason ?? 'arrived'}`);
    console.log(`class: ${this.im instanceof ImClient}`);
  }
}

@Module({
  imports: [
    ImModule.forRootAsync({
      useFactory: () => ({
        service: `shop-${USER_ID}`,
        redis: { url: REDIS_URL, keyPrefix: KEY_PREFIX },
      }),
    }),
  ],
  providers: [Untold],
})
export class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  const message = { sender: { id: 1, terminal: 0 }, recvId: USER_ID, recvTerminals: [0], data: 'hello' };
  await app.get(ImClient).sendPrivateMessage(message);
  await app.close();
}

void main();
