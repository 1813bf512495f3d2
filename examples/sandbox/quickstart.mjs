// quickstart.mjs: twilio-node's documented quickstarts, against the sandbox instead of Twilio.
//
//   NODE_EXTRA_CA_CERTS=ca.pem node quickstart.mjs BASE_URL FOLDER_WITH_NODE_MODULES
//
// The library is used as it is: only its requests go to another host, which learns the intended one from X-Original-Host. Prints one
// line a step; any surprise is an exception.
import assert from 'node:assert';
import { createRequire } from 'node:module';

const [base, folder] = process.argv.slice(2);
const twilio = createRequire(folder + '/')('twilio');

class SandboxClient extends twilio.RequestClient {
  request(options) {
    const url = new URL(options.uri);
    return super.request({
      ...options, uri: base + url.pathname + url.search, headers: { ...options.headers, 'X-Original-Host': url.host },
    });
  }
}

const client = twilio('AC' + 'c'.repeat(32), 'd'.repeat(32), { httpClient: new SandboxClient() });
const [from, to] = ['+14155552344', '+15558675310'];

const message = await client.messages.create({ body: 'Hello from Node', from, to });
assert.match(message.sid, /^SM[0-9a-f]{32}$/);
assert.equal(message.status, 'queued');
assert(message.dateCreated instanceof Date && !isNaN(message.dateCreated));
console.log('create message', message.sid);

assert.equal((await client.messages(message.sid).fetch()).body, 'Hello from Node');
console.log('fetch message');

for (let i = 1; i <= 6; i++) await client.messages.create({ body: 'Message ' + i, from, to });
assert.equal((await client.messages.list({ pageSize: 3 })).length, 7);
assert.equal((await client.messages.list({ limit: 2 })).length, 2);
let seen = 0;
await new Promise((done, fail) => client.messages.each({ pageSize: 2, callback: () => seen++, done: error => (error ? fail(error) : done()) }));
assert.equal(seen, 7);
console.log('list messages, over pages');

const service = await client.verify.v2.services.create({ friendlyName: 'My Verify Service' });
const verification = await client.verify.v2.services(service.sid).verifications.create({ channel: 'sms', to });
assert.equal(verification.status, 'pending');
const check = await client.verify.v2.services(service.sid).verificationChecks.create({ code: '123456', to });
assert.equal(check.status, 'approved');
for (let i = 1; i <= 3; i++) await client.verify.v2.services.create({ friendlyName: 'Service ' + i });
assert.equal((await client.verify.v2.services.list({ pageSize: 2 })).length, 4);
console.log('verify', verification.sid);

const call = await client.calls.create({ from, to, twiml: '<Response><Say>Ahoy, World!</Say></Response>' });
assert.match(call.sid, /^CA/);
assert.equal((await client.calls(call.sid).update({ status: 'completed' })).sid, call.sid);
console.log('call', call.sid);

// A message can be deleted when its delivery is complete.
while (['queued', 'sending'].includes((await client.messages(message.sid).fetch()).status)) await new Promise(done => setTimeout(done, 100));
assert.equal(await client.messages(message.sid).remove(), true);
await assert.rejects(client.messages(message.sid).fetch(), error => error.status === 404 && error.code === 20404);
await assert.rejects(client.messages.create({ body: 'x', from, to: '+15005550001' }), error => error.status === 400 && error.code === 21211);
console.log('errors');
