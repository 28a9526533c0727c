// What well-behaved peers write: where damage begins.

/** Frames of devices, `$token` standing for an access token. */
export const frames: readonly string[] = [
  '{"cmd":0,"data":{"accessToken":"$token","devId":642296}}',
  '{"cmd":0,"data":{"accessToken":"$token","devId":"page-1","ack":true,"terminal":0}}',
  '{"cmd":0,"data":{"accessToken":"eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."}}',
  '{"cmd":1,"data":{}}',
  '{"cmd":"1","data":null}',
  '{"cmd":2,"data":"bye"}',
  '{"cmd":3,"data":{"id":9007199254740993,"content":"hello \\u4f60\\u597d","sendTime":1700000000123}}',
  '{"cmd":4,"data":[1,2.5,"x",null,true,{"a":{"b":[]}}]}',
  '{"cmd":6,"data":{"count":1}}',
  '{"cmd":6,"data":{"count":3,"refused":[1,2]}}',
];

/** Entries as box-im's Java SDK and ours write them. */
export const entries: readonly string[] = [
  '{"cmd":3,"data":{"content":"hi","id":101,"recvId":2,"sendId":1,"sendTime":1700000000123,"status":0,"tmpId":"1700000000000123","type":0},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"fuzz"}',
  '{"cmd":4,"data":{"content":"all","groupId":7},"receivers":[{"id":2,"terminal":0},{"id":3,"terminal":1},{"id":9007199254740993,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"fuzz"}',
  '{"cmd":3,"data":{"from":{"id":1,"terminal":0}},"receivers":[{"id":1,"terminal":0}],"sendResult":true,"sender":{"$ref":"$.receivers[0]"},"serviceName":"fuzz"}',
  '{"cmd":5,"messageId":"0a1b-7","attempt":2,"queuedAt":1700000000123,"receivers":[{"id":"user@example.com","terminal":-1}],"sendResult":true,"serviceName":"fuzz","data":{"type":1}}',
  '{"cmd":5,"messageId":"0a1b-8","queuedAt":1700000000123,"receivers":[],"everyoneOn":[1,2,-1],"sendResult":true,"serviceName":"fuzz","data":null}',
  '{"cmd":3,"data":"\\ud83d\\ude00 \u4f60\u597d","receivers":[{"terminal":"0","id":"2"}],"sendResult":"true","serviceName":"fuzz"}',
];

export const orders: readonly string[] = [
  '{"devId":"642296","terminal":0,"userId":1}',
  '{"devId":"642296","terminal":0,"userId":"user@example.com","loginServer":5}',
  '{"terminal":1,"userId":9007199254740993}',
  '{"terminal":1,"userId":2,"session":"5-1","words":"gesperrt: \\"zu viele\\" Geräte"}',
];

export const presenceEntries: readonly string[] = [
  '{"account":"a","notes":[{"event":"came","user":"2","terminal":0,"number":1764000000000,"open":1,"session":"5-1","server":5,"since":1764000000000,"at":1764000000001},{"event":"went","user":"user@home","terminal":-1,"number":2,"open":0,"session":"5-2","server":5,"at":3,"code":1006}]}',
];

export const results: readonly string[] = [
  '{"code":0,"data":{"content":"hi","id":101},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0},"messageId":"m","attempt":1,"server":3,"stage":"proved","takenAt":1700000000123,"resolvedAt":1700000000125}',
  '{"code":2,"data":{},"receivers":[{"id":2,"terminal":0},{"id":3,"terminal":0,"reason":"SLOW_READER"}],"stage":"written","reason":"CLOSED_BEFORE_PROOF"}',
  '{"code":1,"data":null,"receiver":{"id":2,"terminal":0}}',
];

export const infos: readonly string[] = [
  '{"address":"ws://127.0.0.1:8878/im","connections":3,"draining":false,"startedAt":1700000000123}',
];
