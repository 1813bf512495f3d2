// taskrouter.test.mjs: who gets which task, tested with twilio-node and node:test against a served sandbox.
//
//   HTTP_PROXY=... NODE_EXTRA_CA_CERTS=.../ca.pem node --test taskrouter.test.mjs     (see `make sandbox`)
import assert from 'node:assert';
import http from 'node:http';
import { createRequire } from 'node:module';
import test from 'node:test';

const twilio = createRequire((process.env.MODULES ?? process.cwd()) + '/')('twilio');

test('a task goes to a worker who speaks its language', async t => {
  const application = http.createServer((request, response) => response.end('{ "instruction": "accept" }'));
  await new Promise(done => application.listen(0, '127.0.0.1', done));
  t.after(() => application.close());

  const client = twilio('AC' + '1'.repeat(32), 'secret');
  const workspace = await client.taskrouter.v1.workspaces.create({ friendlyName: 'Support' });
  const space = client.taskrouter.v1.workspaces(workspace.sid);
  const [available] = await space.activities.list({ available: 'true' });
  const queue = await space.taskQueues.create({ friendlyName: 'Spanish', targetWorkers: "languages HAS 'es'" });
  await space.workflows.create({
    friendlyName: 'Calls', assignmentCallbackUrl: `http://127.0.0.1:${application.address().port}/`,
    configuration: JSON.stringify({ task_routing: { default_filter: { queue: queue.sid } } }),
  });
  await space.workers.create({ friendlyName: 'Bob', activitySid: available.sid });
  await space.workers.create({ friendlyName: 'Alice', activitySid: available.sid, attributes: '{ "languages": ["es"] }' });

  const task = await space.tasks.create({ attributes: '{ "selected_language": "es" }' });
  const [reservation] = await space.tasks(task.sid).reservations.list();
  assert.equal(reservation.workerName, 'Alice');
  const status = async () => (await space.tasks(task.sid).fetch()).assignmentStatus;
  while (await status() === 'reserved') await new Promise(done => setTimeout(done, 50));
  assert.equal(await status(), 'assigned');
});
