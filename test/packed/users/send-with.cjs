/* global console, process */
/** One message from a server and a client in this process, on the shared Redis, to a device. */
exports.sendWith = async ({ createToken, createDevice, createIm, WebSocket }) => {
  const { REDIS_URL: url, KEY_PREFIX: keyPrefix, JWT_SECRET: jwtSecret, USER_ID: userId } = process.env;
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret, redis: { url, keyPrefix } });
  await im.start();
  const device = createDevice({
    url: im.server.url,
    token: () => createToken(jwtSecret, { userId, terminal: 0, expiresInS: 60 }),
    WebSocket,
  });
  device.on('message', ({ data }) => console.log(`arrived: ${data.text}`));
  const online = new Promise((resolve) => {
    device.on('state', ({ kind }) => kind === 'online' && resolve());
  });
  device.start();
  await online;
  const message = {
    sender: { id: 1, terminal: 0 },
    recvId: userId,
    recvTerminals: [0],
    data: { text: 'hello' },
  };
  const receipt = await im.client.sendPrivateMessage(message);
  console.log(`results: ${JSON.stringify(await receipt.results())}`);
  await device.close();
  await im.close();
};
