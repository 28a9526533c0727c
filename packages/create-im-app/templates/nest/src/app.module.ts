import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Header, Module, Post, Query } from '@nestjs/common';
import { ImClient } from 'im-client';
import type { Bus } from 'im-common/bus';
import { createToken } from 'im-common/token';
import { ImModule } from 'im-nest';
import { Missed } from './missed.js';
import { BUS, jwtSecret, PushModule } from './push-server.js';

@Controller()
class AppController {
  constructor(
    private readonly im: ImClient,
    private readonly missed: Missed,
  ) {}

  @Get()
  @Header('content-type', 'text/html')
  page(): Promise<string> {
    return readFile('public/index.html', 'utf8');
  }

  @Get('im-device.js')
  @Header('content-type', 'text/javascript')
  device(): Promise<string> {
    return readFile(fileURLToPath(import.meta.resolve('im-device')), 'utf8');
  }

  @Get('im/token')
  @Header('cache-control', 'no-store')
  token(@Query('user') userId: string): Promise<string> {
    // Whoever asks may be anybody here. In your application the session says who it is.
    return createToken(jwtSecret, { userId, terminal: 0, expiresInS: 3_600 });
  }

  @Post('hello')
  async hello(@Query('to') recvId: string): Promise<object> {
    const message = { sender: { id: 1, terminal: 0 }, recvId, data: { text: 'hello' } };
    const { queued, offline } = await this.im.sendPrivateMessage(message);
    return { queued, offline };
  }

  @Get('missed')
  missedUsers(): string[] {
    return [...this.missed.users];
  }
}

@Module({
  imports: [
    ImModule.forRootAsync({
      imports: [PushModule],
      inject: [BUS],
      useFactory: (bus: Bus) => ({ service: 'app', bus, terminals: [0] }),
    }),
    PushModule,
  ],
  controllers: [AppController],
  providers: [Missed],
})
export class AppModule {}
