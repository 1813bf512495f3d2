// unmodified.mjs: twilio-node without any change of its own or of its requests, against the sandbox by way of its CONNECT proxy: only the
// environment says so.
//
//   HTTP_PROXY=http://localhost:8444 NODE_EXTRA_CA_CERTS=build/sandbox/ca.pem node unmodified.mjs SANDBOX_URL FOLDER_WITH_NODE_MODULES
//
// The sandbox's commands (/__sandbox/...) go to SANDBOX_URL itself. Prints one line a step; any surprise is an exception.
import assert from 'node:assert';
import { createRequire } from 'node:module';

const [sandbox, folder] = process.argv.slice(2);
const twilio = createRequire(folder + '/')('twilio');
const credentials = ['AC' + 'c'.repeat(32), 'd'.repeat(32)];
const client = twilio(...credentials);

async function command(name, fields) {
  const response = await fetch(`${sandbox}/__sandbox/${name}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
  });
  assert.equal(response.status, 200, `${name}: ${response.status}`);
  return response.json();
}
const refused = (promise, status, code) => assert.rejects(promise, error => error.status === status && error.code === code);

await command('reset', {});
const number = await client.incomingPhoneNumbers.create({ phoneNumber: '+14155550100' });
const from = number.phoneNumber, to = '+15558675310';
const message = await client.messages.create({ from, to, body: 'Hello', statusCallback: 'http://127.0.0.1:1/status' });
const found = await command('wait', { kind: 'message', match: { sid: message.sid, status: 'delivered' } });
assert.equal(found.body, 'Hello');
assert.equal((await message.fetch?.() ?? await client.messages(message.sid).fetch()).status, 'delivered');
console.log('delivered');

await refused(client.messages.create({ from, to: 'garbage', body: 'x' }), 400, 21211);
await refused(client.messages.create({ from: '###', to, body: 'x' }), 400, 21212);
await refused(client.messages.create({ from: '+14155550199', to, body: 'x' }), 400, 21659);
await refused(client.messages.create({ from, to: from, body: 'x' }), 400, 21266);
await refused(client.messages.create({ from, to, body: 'x'.repeat(1601) }), 400, 21617);
await refused(client.messages.create({ from, to }), 400, 21619);
await refused(client.calls.create({ from, to, twiml: 'Hello' }), 400, 12100);
console.log('refusals');

await command('receive_message', { from: to, to: from, body: 'STOP' });
await refused(client.messages.create({ from, to, body: 'x' }), 400, 21610);
await command('receive_message', { from: to, to: from, body: 'START' });
await client.messages.create({ from, to, body: 'x' });
console.log('opt-out');

const service = await client.verify.v2.services.create({ friendlyName: 'Shop' });
const { verifications } = client.verify.v2.services(service.sid);
const sids = new Set();
for (let i = 0; i < 5; i++) sids.add((await verifications.create({ to, channel: 'sms' })).sid);
assert.equal(sids.size, 1);
await refused(verifications.create({ to, channel: 'sms' }), 429, 60203);
await command('advance', { seconds: 601 });
await refused(verifications([...sids][0]).fetch(), 404, 20404);
console.log('verify');

for (let i = 0; i < 5; i++) await client.messages.create({ from, to, body: 'Message ' + i });
const first = await client.messages.page({ pageSize: 2 });
const back = await (await first.nextPage()).previousPage();
assert.deepEqual(back.instances.map(m => m.sid), first.instances.map(m => m.sid));
console.log('pages');

const regional = twilio(...credentials, { region: 'ie1', edge: 'dublin' });
assert.equal((await regional.messages.list({ limit: 1 })).length, 1);
console.log('regions');
