// Tests with node:test and twilio-node as it is, against `make sandbox`; the file's account has a sandbox of its own.
//   HTTP_PROXY=http://localhost:8444 NODE_EXTRA_CA_CERTS=build/sandbox/ca.pem SANDBOX=https://localhost:8443 node --test
import assert from 'node:assert';
import { beforeEach, test } from 'node:test';
import twilio from 'twilio';

const account = 'AC' + '1'.repeat(32), shop = '+14155550100', customer = '+15558675310';
const client = twilio(account, 'secret');
async function sandbox(name, fields) {
  const response = await fetch(`${process.env.SANDBOX}/__sandbox/${name}?sandbox=messages`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
  });
  assert.equal(response.status, 200);
}
const refused = (promise, code) => assert.rejects(promise, { code });
const send = body => client.messages.create({ from: shop, to: customer, body });

beforeEach(async () => {
  await sandbox('namespaces', { name: 'messages', accounts: [account] });
  await sandbox('reset', {});
  await client.incomingPhoneNumbers.create({ phoneNumber: shop });
});
test('a message is delivered', async () => {
  const { sid } = await send('Hello');
  await sandbox('wait', { kind: 'message', match: { sid, status: 'delivered' } });
  assert.equal((await client.messages(sid).fetch()).body, 'Hello');
});
test('nothing is sent after STOP', async () => {
  await sandbox('receive_message', { from: customer, to: shop, body: 'STOP' });
  await refused(send('Hello'), 21610);
});
test('a code is sent five times at most', async () => {
  const { sid } = await client.verify.v2.services.create({ friendlyName: 'Shop' });
  const verify = () => client.verify.v2.services(sid).verifications.create({ to: customer, channel: 'sms' });
  for (let i = 0; i < 5; i++) await verify();
  await refused(verify(), 60203);
});
