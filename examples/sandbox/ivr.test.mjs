// A test of an IVR with node:test, against `make sandbox`: an HTTP server is the application.
//   SANDBOX=https://localhost:8443 NODE_EXTRA_CA_CERTS=build/sandbox/ca.pem node --test
import assert from 'node:assert';
import { createServer } from 'node:http';
import { after, test } from 'node:test';

const account = 'AC' + '2'.repeat(32), shop = '+14155550100';
const menu = '<Gather numDigits="1"><Say>Press 1</Say></Gather>';
const application = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const digits = new URLSearchParams(body).get('Digits');
  response.setHeader('Content-Type', 'text/xml');
  response.end(`<Response>${digits === '1' ? '<Say>Welcome</Say>' : menu}</Response>`);
});
await new Promise(done => application.listen(0, '127.0.0.1', done));
after(() => application.close());

async function sandbox(name, fields) {
  const response = await fetch(`${process.env.SANDBOX}/__sandbox/${name}?sandbox=ivr`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
  });
  assert.equal(response.status, 200);
  return response.json();
}

test('the menu asks again after a wrong key', async () => {
  await sandbox('add', {
    url: `https://api.twilio.com/2010-04-01/Accounts/${account}/IncomingPhoneNumbers/${shop}.json`,
    fields: { phone_number: shop, voice_url: `http://127.0.0.1:${application.address().port}/menu` },
  });
  const call = await sandbox('receive_call', { from: '+15558675310', to: shop, digits: ['9', '1'] });
  assert.equal(call.transcript.at(-1).text, 'Welcome');
  assert.equal(call.status, 'completed');
});
