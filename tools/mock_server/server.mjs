#!/usr/bin/env node
// server.mjs: says of each request whether Twilio's OpenAPI files allow it. One plain-HTTP server on 127.0.0.1 for all
// the files of a folder; Stoplight Prism validates, and what it overlooks is checked here (unknown names, repeated keys
// that aren't arrays, required fields in empty bodies, values such as "table: 0x..."): any finding is a refusal.
//
//   node server.mjs --specs FOLDER [--port 0]        prints {"listening": "http://127.0.0.1:PORT", ...} when it is ready
//
// Needs what package.json names, installed beside this file. The file is chosen by the header X-Original-Host (which the
// client sends with base_url) and the path's first segment. A good request gets the file's example with its success
// status; a bad one 422. GET /__log: everything received, verdicts included, in order.
import http from 'node:http';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { createInstance, getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const prismRoute = require('@stoplight/prism-http/dist/router').default;
const { validateInput: prismInput, validateSecurity: prismSecurity } = require('@stoplight/prism-http/dist/validator');
const { getHttpConfigFromRequest } = require('@stoplight/prism-http-server/dist/getHttpConfigFromRequest');

const opt = (name, otherwise) => { const i = process.argv.indexOf('--' + name); return i < 0 ? otherwise : process.argv[i + 1]; };
const SPECS = opt('specs'), PORT = Number(opt('port', 0));
if (!SPECS) { console.error('usage: server.mjs --specs FOLDER [--port N]'); process.exit(2); }

// ---------------------------------------------------------------- specs
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const byHost = new Map(); // host -> first path segment -> [spec]
const specs = [];
for (const f of fs.readdirSync(SPECS).filter(f => f.endsWith('.json')).sort()) {
  const doc = JSON.parse(fs.readFileSync(path.join(SPECS, f), 'utf8'));
  if (!doc.openapi || !doc.paths) continue;
  const spec = { file: f, ops: null, count: 0, loading: null };
  for (const [p, item] of Object.entries(doc.paths)) {
    const n = METHODS.filter(m => item[m]).length;
    if (!n) continue;
    spec.count += n;
    for (const s of item.servers || doc.servers || []) {
      const host = new URL(s.url).hostname, seg = p.split('/')[1];
      if (!byHost.has(host)) byHost.set(host, new Map());
      const m = byHost.get(host);
      if (!m.has(seg)) m.set(seg, []);
      if (!m.get(seg).includes(spec)) m.get(seg).push(spec);
    }
  }
  if (spec.count) specs.push(spec);
}

const is = (s, t) => [].concat(s?.type).includes(t); // nullable fields have a list of types
const isForm = ct => /^application\/x-www-form-urlencoded\b/i.test(ct || '');
const isJson = ct => /^application\/([\w.-]+\+)?json\b/i.test(ct || '');

function load(spec) {
  return spec.loading ||= getHttpOperationsFromSpec(path.join(SPECS, spec.file)).then(ops => {
    for (const op of ops) for (const c of op.request?.body?.contents || []) {
      if (!isForm(c.mediaType) || !c.schema?.properties) continue;
      c.encodings ||= [];
      for (const [name, s] of Object.entries(c.schema.properties)) {
        // OpenAPI's default for form arrays is a repeated key; Prism only reads that if told so.
        if (is(s, 'array')) s.type = 'array'; // Prism's form reader does not know nullable arrays
        if (is(s, 'array') && !c.encodings.some(e => e.property === name))
          c.encodings.push({ property: name, style: 'form', explode: true, allowReserved: true });
        // An object in a form is JSON text; Prism would want a JSON object there.
        if (is(s, 'object')) { c.schema.properties[name] = { type: 'string' }; (c.__json ||= []).push(name); }
      }
    }
    return (spec.ops = ops);
  });
}

// ---------------------------------------------------------------- Prism
const nolog = { info() {}, success() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {}, child: () => nolog };
const keep = (e, r, kind) => { if (r._tag === 'Left') for (const v of r.left) e.__found.push({ kind, ...v }); return r; };
const prism = createInstance(
  { mock: { dynamic: false }, validateRequest: true, validateResponse: false, checkSecurity: true, errors: false },
  {
    logger: nolog,
    route: a => { const r = prismRoute(a); if (r._tag === 'Right') a.input.__op = r.right; return r; },
    validateSecurity: a => keep(a.element, prismSecurity(a), 'security'),
    validateInput: a => {
      let bad = null;
      for (const body of a.element.__bodies) { // one pass per item of repeated keys
        const r = prismInput({ ...a, element: { ...a.element, body } });
        if (r._tag === 'Left') { bad = r; break; }
      }
      return bad ? keep(a.element, bad, 'input') : { _tag: 'Right', right: a.element };
    },
  });

// Prism keeps only the last of repeated keys, so make bodies in which each item is the last once.
function formVariants(text) {
  const pairs = text.split('&').filter(Boolean), seen = new Map();
  for (const p of pairs) { const k = p.split('=')[0]; if (!seen.has(k)) seen.set(k, []); seen.get(k).push(p); }
  const n = Math.max(1, ...[...seen.values()].map(v => v.length));
  return Array.from({ length: n }, (_, i) => [...seen.values()].map(v => v[Math.min(i, v.length - 1)]).join('&'));
}

// ---------------------------------------------------------------- our own checks
const JUNK = /^(\[object \w+\]|table: 0x|function: |userdata: |undefined$|nil$|NaN$|None$)/;
function strictChecks(op, method, query, ct, text, json) {
  const out = [], say = (code, message) => out.push({ code, message });
  const qspec = op.request?.query || [], qn = new Map(qspec.map(q => [q.name, q]));
  const prefixes = qspec.map(q => /^prefixed-collapsible-map-(.+)$/.exec(q.schema?.format || '')?.[1]).filter(Boolean);
  const count = new Map();
  for (const [k, v] of query) {
    if (!qn.has(k) && !prefixes.some(p => k.startsWith(p + '.'))) say('unknown-query', k);
    count.set(k, (count.get(k) || 0) + 1);
    if (count.get(k) === 2 && !is(qn.get(k)?.schema, 'array')) say('repeated-query', k);
    if (JUNK.test(v)) say('junk-value', k + '=' + v);
  }
  const contents = op.request?.body?.contents || [];
  if (text && !ct) say('no-content-type', 'body without Content-Type');
  if (text && !contents.length) say('unexpected-body', method);
  const form = contents.find(c => isForm(c.mediaType));
  if (form && (isForm(ct) || !text)) {
    const props = form.schema?.properties || {}, have = new Map();
    for (const pair of (text || '').split('&').filter(Boolean)) {
      let [k, ...r] = pair.split('='), v = r.join('=');
      try { k = decodeURIComponent(k.replace(/\+/g, ' ')); v = decodeURIComponent(v.replace(/\+/g, ' ')); }
      catch { say('bad-encoding', pair.slice(0, 80)); continue; }
      if (/[^\x21-\x7e]/.test(pair)) say('bad-encoding', pair.slice(0, 80));
      have.set(k, (have.get(k) || 0) + 1);
      if (!(k in props)) say('unknown-form-field', k);
      else if (have.get(k) === 2 && !is(props[k], 'array')) say('repeated-form-field', k);
      if (JUNK.test(v)) say('junk-value', k + '=' + v);
      if (form.__json?.includes(k)) try { JSON.parse(v); } catch { say('not-json', k); }
    }
    for (const k of form.schema?.required || []) if (!have.has(k) && !text) say('missing-form-field', k);
  }
  const js = contents.find(c => isJson(c.mediaType));
  if (js && json && typeof json === 'object' && !Array.isArray(json)) {
    const s = js.schema || {};
    if (s.properties && !s.additionalProperties && !s.allOf && !s.oneOf && !s.anyOf)
      for (const k of Object.keys(json)) if (!(k in s.properties)) say('unknown-json-field', k);
  }
  return out;
}

// ---------------------------------------------------------------- server
const log = [];
const sendJson = (res, status, obj, headers = {}) => {
  const b = Buffer.from(JSON.stringify(obj));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': b.length, ...headers });
  res.end(b);
};
const readBody = req => new Promise((ok, no) => {
  const parts = []; req.on('data', d => parts.push(d)); req.on('end', () => ok(Buffer.concat(parts))); req.on('error', no);
});

// Examples of lists lead to no second page or to the same page for ever, and generated ones have meta.key "string".
// Here every list has one page.
function tidyList(body) {
  const arrays = Object.keys(body).filter(k => Array.isArray(body[k]));
  if (body.meta && typeof body.meta === 'object' && 'key' in body.meta && !arrays.includes(body.meta.key) && arrays.length === 1) body.meta.key = arrays[0];
  for (const name of ['next_page_url', 'nextToken', 'next_token']) if (body.meta && name in body.meta) body.meta[name] = null;
  if ('next_page_uri' in body) body.next_page_uri = null;
  if ('has_next' in body) body.has_next = false;
}

async function handle(req, res) {
  const raw = await readBody(req);
  const url = new URL(req.url, 'http://mock');
  if (url.pathname === '/__log') return sendJson(res, 200, log);
  const host = (req.headers['x-original-host'] || '').toLowerCase();

  const text = raw.toString('utf8'), ct = req.headers['content-type'];
  let json, badJson = null;
  if (text && isJson(ct)) try { json = JSON.parse(text); } catch (e) { badJson = e.message; }
  const query = [...url.searchParams];
  const queryObj = {};
  for (const [k, v] of query) queryObj[k] = k in queryObj ? [].concat(queryObj[k], v) : v;

  let best = null; // result of the best candidate spec
  for (const spec of byHost.get(host)?.get(url.pathname.split('/')[1]) || []) {
    const ops = spec.ops || await load(spec);
    const input = {
      method: req.method.toLowerCase(), url: { path: url.pathname, query: queryObj },
      headers: { ...req.headers, 'content-length': String(raw.length) },
      body: badJson ? null : json !== undefined ? json : text || null, __found: [],
    };
    input.__bodies = isForm(ct) && text ? formVariants(text) : [input.body];
    const mock = getHttpConfigFromRequest(input);
    const r = await prism.request(input, ops, { mock: { dynamic: false, ...(mock._tag === 'Right' ? mock.right : {}) },
      validateRequest: true, validateResponse: false, checkSecurity: true, errors: false })();
    const found = input.__found.filter(v => v.severity === 0); // 0 = Error
    if (badJson && input.__op) found.unshift({ kind: 'input', code: 'json', message: badJson });
    if (r._tag === 'Left' && !found.length) found.push({ kind: 'prism', code: r.left.status || 500, message: r.left.detail || String(r.left) });
    const c = { spec, op: input.__op, found, out: r._tag === 'Right' ? r.right.output : null, problem: r._tag === 'Left' ? r.left : null };
    c.strict = c.op ? strictChecks(c.op, req.method, query, ct, text, json) : [];
    const rank = x => (x.found.length ? 0 : 2) + (x.op ? 1 : 0) - (x.strict.length ? 0.5 : 0);
    if (!best || rank(c) > rank(best)) best = c;
    if (rank(c) === 3) break;
  }
  best ||= { strict: [], found: [{ kind: 'route', code: 404, message: `no spec for host ${host} and path ${url.pathname}` }] };
  const strict = best.strict;
  const pass = !best.found.length && !strict.length;
  log.push({ verdict: pass ? 'pass' : 'fail', method: req.method, host, path: url.pathname, query: url.search.slice(1),
    file: best.spec?.file, id: best.op?.iid, headers: req.headers, body: text,
    strict, found: best.found.map(({ kind, code, path, message }) => ({ kind, code, path, message })) });

  if (!pass) {
    const b = Buffer.from(JSON.stringify({ type: 'https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY', title: 'Invalid request', status: 422,
      detail: `The request does not match ${best.spec?.file || 'any file'}.`, findings: [...best.found, ...strict] }));
    res.writeHead(422, { 'content-type': 'application/problem+json', 'content-length': b.length });
    return res.end(b);
  }
  const { statusCode, headers = {}, body } = best.out, head = {};
  for (const [k, v] of Object.entries(headers)) // some specs declare framing headers (memory_v1: Content-Encoding) that would be untrue here
    if (v !== null && v !== undefined && !/^(content-encoding|content-length|transfer-encoding|connection)$/i.test(k)) head[k.toLowerCase()] = String(v);
  let answer = body;
  if (body && typeof body === 'object' && (body.meta || 'next_page_uri' in body || 'has_next' in body)) tidyList(answer = structuredClone(body));
  const b = answer === undefined || statusCode === 204 ? Buffer.alloc(0) : Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  if (statusCode !== 204) head['content-length'] = b.length;
  res.writeHead(statusCode, head);
  res.end(b);
}

const server = http.createServer((req, res) => handle(req, res).catch(e => {
  console.error('internal', req.method, req.url, e.stack);
  if (!res.headersSent) sendJson(res, 500, { type: 'internal', detail: String(e) });
}));
server.keepAliveTimeout = 30000;
server.listen(PORT, '127.0.0.1', () => console.log(JSON.stringify({ listening: `http://127.0.0.1:${server.address().port}`,
  files: specs.length, operations: specs.reduce((a, s) => a + s.count, 0) })));
for (const s of ['SIGTERM', 'SIGINT']) process.on(s, () => process.exit(0));
