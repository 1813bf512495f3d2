// load.js: milliseconds of CPU and kilobytes of heap of twilio-node's start, until its first request is ready: the peer of bench/load.lua.
//
//    node --expose-gc bench/load.js       (TWILIO_NODE: where npm's twilio is)

gc();
const before = process.memoryUsage().heapUsed;
const start = process.cpuUsage();
const twilio = require(process.env.TWILIO_NODE || "twilio");
const httpClient = {
  async request() {
    const used = process.cpuUsage(start);
    gc();
    console.log(((used.user + used.system) / 1000).toFixed(3), ((process.memoryUsage().heapUsed - before) / 1024).toFixed(1));
    process.exit(0);
  },
};
twilio("AC" + "0".repeat(32), "token", { httpClient }).messages.create({ to: "+15558675310", from: "+14155552344", body: "Hello" });
