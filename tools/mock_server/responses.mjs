#!/usr/bin/env node
// responses.mjs: says of each answer whether Twilio's OpenAPI files allow it. Stoplight Prism validates.
//
//   node responses.mjs --specs FOLDER --answers FILE.jsonl     one answer a line: { id, file, method, path, all, status, headers, body }
//
// Prints each refused answer with Prism's findings, and a summary; the exit status says whether there were any.
// Needs what package.json names, installed beside this file.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { validateOutput } = require('@stoplight/prism-http/dist/validator');

const opt = name => process.argv[process.argv.indexOf('--' + name) + 1];
const SPECS = opt('specs'), ANSWERS = opt('answers');

const specs = new Map();
async function operationsOf(file) {
  if (!specs.has(file)) {
    const byKey = new Map();
    for (const op of await getHttpOperationsFromSpec(path.join(SPECS, file))) byKey.set(op.method.toUpperCase() + ' ' + op.path, op);
    specs.set(file, byKey);
  }
  return specs.get(file);
}

// Where a file says something else than the API does: its paths are no URIs, as they have no host; a lookup is null where it wasn't asked for.
const isFileWrong = {
  'twilio_api_v2010.json': f => /(^|_)uri$/.test(String((f.path || []).at(-1))) && /format "uri"/.test(f.message),
  'twilio_lookups_v2.json': (f, body) => f.path?.length === 2 && body[f.path[1]] === null && /must be object/.test(f.message),
};

function findingsOf(op, answer) {
  if (!op) return [{ message: 'no such operation' }];
  let body;
  if (answer.body) try { body = JSON.parse(answer.body); } catch (e) { return [{ message: 'not JSON: ' + e.message }]; }
  const declared = op.responses.find(r => r.code === String(answer.status));
  if (!declared) return [{ message: `status ${answer.status}, declared: ${op.responses.map(r => r.code)}` }];
  if (declared.contents?.length && body === undefined) return [{ message: 'no body' }];
  // A response without a body has no media type to speak of.
  const headers = body === undefined ? {} : answer.headers;
  const r = validateOutput({ resource: op, element: { statusCode: answer.status, headers, body } });
  const findings = r._tag === 'Left' ? r.left.filter(f => f.severity === 0) : [];
  return findings.filter(f => !isFileWrong[answer.file]?.(f, body));
}

let good = 0, bad = 0;
for (const line of fs.readFileSync(ANSWERS, 'utf8').split('\n')) {
  if (!line) continue;
  const answer = JSON.parse(line);
  const op = (await operationsOf(answer.file)).get(answer.method + ' ' + answer.path);
  const found = findingsOf(op, answer);
  if (!found.length) { good++; continue; }
  bad++;
  console.log(answer.file, answer.method, answer.path, answer.all ? '(all)' : '(required)');
  for (const f of found.slice(0, 5)) console.log('   ', (f.path || []).join('.'), f.message);
}
console.log(`${good} answers valid, ${bad} refused`);
process.exit(bad ? 1 : 0);
