// node.js: nanoseconds that Node takes to parse a form and twilio-node to validate it, for the case that bench/webhook/run.lua has written.
//
//    node bench/webhook/node.js case.json

const { validateRequest } = require(process.env.TWILIO_NODE || "twilio");
const { parse } = require("querystring");
const { token, url, signature, body } = JSON.parse(require("fs").readFileSync(process.argv[2]));

const calls = 20000;
for (let i = 0; i < calls; i++) if (!validateRequest(token, signature, url, parse(body))) process.exit(1);
const start = process.cpuUsage();
for (let i = 0; i < calls; i++) validateRequest(token, signature, url, parse(body));
const used = process.cpuUsage(start);
console.log((((used.user + used.system) * 1000) / calls).toFixed(1));
