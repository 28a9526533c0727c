import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { PushServer } from './push-server.js';

const { HOST = '127.0.0.1', PORT = '3000' } = process.env;

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks(); // without it, SIGTERM ends the process in the middle of its work
await app.listen(Number(PORT), HOST);
console.log(`Devices connect to ${await app.get(PushServer).start(app.getHttpServer())}`);
