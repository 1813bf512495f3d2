// node.js: the same messages with twilio-node, so many in flight: the third subject of bench/map/run.lua. Prints the seconds that COUNT took.
//
//    NODE_EXTRA_CA_CERTS=ca.pem node bench/map/node.js BASE_URL COUNT IN_FLIGHT       (TWILIO_NODE: where npm's twilio is)

const twilio = require(process.env.TWILIO_NODE || "twilio");
const [base, count, inFlight] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

// Its keep-alive pool, with room for all; only the host is another.
class LocalClient extends twilio.RequestClient {
  constructor() {
    super({ keepAlive: true, maxSockets: inFlight, maxFreeSockets: inFlight });
  }
  request(options) {
    const url = new URL(options.uri);
    return super.request({ ...options, uri: base + url.pathname + url.search });
  }
}

const client = twilio("AC" + "0".repeat(32), "token", { httpClient: new LocalClient() });
let next = 0;

async function work(until) {
  while (next < until) {
    const message = { to: "+1" + ++next, from: "+14155552344", body: "Hello from the other side of the wire" };
    if (!(await client.messages.create(message)).sid) throw new Error("no message");
  }
}

const crowd = (until) => Promise.all(Array.from({ length: inFlight }, () => work(until)));

(async () => {
  await crowd(200); // connections stand, and the code is warm
  next = 0;
  const start = process.hrtime.bigint();
  await crowd(count);
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
})();
