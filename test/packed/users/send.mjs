// What a user writes in an ES module.
import { createToken } from 'im-common/token';
import { createDevice } from 'im-device';
import { createIm } from 'im-embedded';
import { WebSocket } from 'ws';
import { sendWith } from './send-with.cjs';

await sendWith({ createToken, createDevice, createIm, WebSocket });
