// openapi_answers.mjs: is a document OpenAPI 3.1, and do answers (and the bodies that were taken) match it?
//
//   node openapi_answers.mjs FOLDER_WITH_NODE_MODULES DOCUMENT.json ANSWERS.jsonl
//
// A line of answers is { path (of the document), method, sent (the body as text), status, body (as text) }. Prints what is wrong,
// and at the end how many answers were looked at.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [folder, document, answers] = process.argv.slice(2);
const require = createRequire(folder + '/node_modules/@seriousme/openapi-schema-validator/package.json');
const { Validator } = await import(require.resolve('@seriousme/openapi-schema-validator'));
const Ajv = require('ajv/dist/2020').default;

const text = readFileSync(document, 'utf8'), doc = JSON.parse(text);
const checked = await new Validator().validate(JSON.parse(text));
if (!checked.valid) console.log('the document:', JSON.stringify(checked.errors));

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addVocabulary(['openapi', 'info', 'servers', 'security', 'paths', 'components', 'example']);
ajv.addSchema({ $id: 'doc', ...doc });
const escape = part => part.replaceAll('~', '~0').replaceAll('/', '~1');
const resolve = it => (it.$ref ? it.$ref.slice(2).split('/') : null);
const at = parts => parts.reduce((it, part) => it?.[part], doc);

// Checks a text against the schema of a response or a request body, found by its way in the document.
function check(parts, body, said) {
  let it = at(parts);
  if (!it) return console.log(said, 'is not in the document');
  const target = resolve(it);
  if (target) { parts = target; it = at(parts); }
  const json = it.content?.['application/json'];
  if (!json) return console.log(said, 'has no JSON');
  const validate = ajv.getSchema('doc#/' + [...parts, 'content', 'application/json', 'schema'].map(escape).map(encodeURIComponent).join('/'));
  if (!validate(JSON.parse(body))) console.log(said, ajv.errorsText(validate.errors), body.slice(0, 300));
}

let count = 0;
for (const line of readFileSync(answers, 'utf8').split('\n').filter(Boolean)) {
  const { path, method, sent, status, body } = JSON.parse(line);
  const operation = ['paths', path, method.toLowerCase()];
  check([...operation, 'responses', String(status)], body, `${method} ${path} ${status}`);
  if (sent && status === 200) check([...operation, 'requestBody'], sent, `${method} ${path} takes`);
  count++;
}
for (const [path, item] of Object.entries(doc.paths)) {
  const example = item.post?.requestBody?.content['application/json'].example;
  if (example) check(['paths', path, 'post', 'requestBody'], JSON.stringify(example), path + "'s example");
}
console.log(count);
