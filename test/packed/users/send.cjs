// What a user writes in CommonJS.
const { createToken } = require('im-common/token');
const { createDevice } = require('im-device');
const { createIm } = require('im-embedded');
const { WebSocket } = require('ws');
const { sendWith } = require('./send-with.cjs');

void sendWith({ createToken, createDevice, createIm, WebSocket });
