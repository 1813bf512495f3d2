// node.js: documents a second of twilio-node, for comparison with bench/twiml/run.lua.
//
//    npm install twilio && node bench/twiml/node.js [rounds]

const { VoiceResponse } = require(process.env.TWILIO_NODE || "twilio").twiml;

function menu() {
  const response = new VoiceResponse();
  response.say({ voice: "Polly.Amy" }, "Welcome to the menu");
  const gather = response.gather({ numDigits: 1, action: "/menu", method: "POST" });
  gather.say("Press 1 for sales, 2 for support");
  const dial = response.dial({ callerId: "+15551230000", timeout: 20 });
  dial.number("+15558675310");
  response.hangup();
  return response.toString();
}

const rounds = Number(process.argv[2]) || 50000;
for (let i = 0; i < rounds / 10; i++) menu();
const start = process.hrtime.bigint();
for (let i = 0; i < rounds; i++) menu();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(menu());
console.log("twilio-node", (rounds / seconds).toFixed(0), "documents/s");
