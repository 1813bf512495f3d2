// http2_server.mjs: an HTTP/2 server that behaves as badly as a spec wants, for http2_spec.lua.
//
//   node http2_server.mjs PORT CERTIFICATE KEY
//
// What a request's path says is done: /echo?n= (the number, after a moment), /refuse (the first
// stream is refused, REFUSED_STREAM; the next is answered), /goaway (answered, then GOAWAY),
// /lost (GOAWAY without an answer), /pieces (a body in 20 pieces), /silent, /stats (sessions that
// were opened, requests that came).

import { readFileSync } from "node:fs";
import { createSecureServer, constants } from "node:http2";

const [port, certificate, key] = process.argv.slice(2);
let sessions = 0, requests = 0, refused = 0;

const server = createSecureServer({
  cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: false,
  settings: { maxConcurrentStreams: 100 },
});

server.on("session", (session) => { sessions++; session.on("error", () => {}); });

server.on("stream", (stream, headers) => {
  const url = new URL(headers[":path"], "https://localhost");
  let body = "";
  stream.on("error", () => {});
  stream.on("data", (bytes) => { body += bytes; });
  const answer = (text) => {
    if (stream.destroyed) return;
    stream.respond({ ":status": 200, "content-type": "text/plain" });
    stream.end(text);
  };
  if (url.pathname === "/refuse" && refused++ === 0) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
  requests++;
  if (url.pathname === "/silent") return;
  if (url.pathname === "/lost") {
    stream.session.goaway(constants.NGHTTP2_NO_ERROR, 0);
    return setTimeout(() => stream.session.destroy(), 20);
  }
  if (url.pathname === "/pieces") {
    stream.respond({ ":status": 200 });
    let left = 20;
    const next = () => {
      if (stream.destroyed) return;
      if (left-- > 0) { stream.write("x".repeat(5000)); return setTimeout(next, 2); }
      stream.end();
    };
    return next();
  }
  stream.on("end", () => {
    if (url.pathname === "/stats") return answer(`${sessions} ${requests}`);
    if (url.pathname === "/goaway") {
      answer("last");
      return stream.session.goaway(constants.NGHTTP2_NO_ERROR);
    }
    setTimeout(() => answer(`${url.searchParams.get("n") ?? ""} ${body}`), 5);
  });
});

server.listen(Number(port), "127.0.0.1");
