import { Controller, Inject, Injectable, Module, Param, Post, Query } from '@nestjs/common';
import { ImClient, IMListener, IMListenerType, type PrivateResult } from 'im-client';
import { ImModule } from 'im-nest';
import { PushModule, bus, type Bus } from './push-server.ts';

interface Shipped {
  readonly order: string;
}

@Controller('orders')
class OrdersController {
  // tsx tells Nest no types, so what is injected is named. After tsc, as `nest build` runs it, the type is enough.
  constructor(@Inject(ImClient) private readonly im: ImClient<{ private: Shipped }>) {}

  @Post(':order/ship')
  async ship(@Param('order') order: string, @Query('to') recvId: string): Promise<string> {
    const sender = { id: 1, terminal: 0 };
    const receipt = await this.im.sendPrivateMessage({ sender, recvId, data: { order } });
    const [result] = await receipt.results();
    return result?.reason ?? 'told';
  }
}

@Injectable()
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class Untold {
  process(results: PrivateResult<Shipped>[]): void {
    // One for each terminal that a message went to: here for one, as `terminals` below says.
    for (const { receiver, reason, data } of results) {
      const whom = `user ${receiver.id} on terminal ${receiver.terminal}`;
      if (reason) console.log(`${whom} was not told of order ${data.order}: ${reason}`);
    }
  }
}

@Module({
  imports: [
    PushModule,
    ImModule.forRootAsync({
      inject: [bus],
      useFactory: (bus: Bus) => ({ service: 'shop', bus, terminals: [0] }), // deployed: redis, instead of bus
    }),
  ],
  controllers: [OrdersController],
  providers: [Untold],
})
export class AppModule {}
