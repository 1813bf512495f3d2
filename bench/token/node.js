// node.js: microseconds of CPU that one of twilio-node's access tokens takes, for bench/token/run.lua.
//
//    node bench/token/node.js COUNT       (TWILIO_NODE: where npm's twilio is)

const { AccessToken } = require(process.env.TWILIO_NODE || "twilio").jwt;
const count = Number(process.argv[2]);
const zeros = "0".repeat(32);

function make() {
  const token = new AccessToken("AC" + zeros, "SK" + zeros, "secret", { identity: "alice" });
  token.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid: "AP" + zeros, incomingAllow: true }));
  return token.toJwt();
}

for (let i = 0; i < count / 10; i++) make();
const start = process.cpuUsage();
for (let i = 0; i < count; i++) make();
const used = process.cpuUsage(start);
console.log(((used.user + used.system) / count).toFixed(2));
