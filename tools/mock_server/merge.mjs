#!/usr/bin/env node
// merge.mjs: the documents that the library is made of, as files: Twilio's OpenAPI files of a folder, in place, with what
// twilio-node has beside them (tools/openapi/twilio_node.json: whole documents, and JSON patches with "add", "replace" and "remove").
//
//   node merge.mjs --specs FOLDER --additions twilio_node.json
import fs from 'node:fs';
import path from 'node:path';

const opt = name => process.argv[process.argv.indexOf('--' + name) + 1];
const file = name => path.join(opt('specs'), `twilio_${name}.json`);
const additions = JSON.parse(fs.readFileSync(opt('additions'), 'utf8'));

function apply(doc, { op = 'add', path: pointer, value }) {
  const words = pointer.split('/').slice(1).map(w => w.replace(/~1/g, '/').replace(/~0/g, '~'));
  const last = words.pop(), parent = words.reduce((node, word) => node[word], doc);
  if (Array.isArray(parent) && last === '-') return parent.push(value);
  if ((last in parent) === (op === 'add')) throw new Error(`${op} ${pointer}: impossible`);
  if (op === 'remove') delete parent[last]; else parent[last] = value;
}

for (const [name, doc] of Object.entries(additions.documents)) fs.writeFileSync(file(name), JSON.stringify(doc), { flag: 'wx' });
for (const [name, changes] of Object.entries(additions.patches)) {
  const doc = JSON.parse(fs.readFileSync(file(name), 'utf8'));
  for (const change of changes) apply(doc, change);
  fs.writeFileSync(file(name), JSON.stringify(doc));
}
