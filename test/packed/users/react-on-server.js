/* global console */
import { sharedDevice, useMessages, useStatus, useTopics } from 'im-device/react';
import { createElement, version } from 'react';
import { renderToString } from 'react-dom/server';

const shared = sharedDevice(() => {
  throw new Error('A device was made.');
});

function Status() {
  useMessages(shared, () => undefined);
  return `${useStatus(shared).kind} ${useTopics(shared).size}`;
}
console.log(`${version}: ${renderToString(createElement(Status))}`);
