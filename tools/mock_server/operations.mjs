#!/usr/bin/env node
// operations.mjs: one record per operation of a directory of OpenAPI files, with sample
// arguments that satisfy the spec's patterns, enums, formats and bounds, and with trials: values of
// one argument that the spec allows (every value of an enum) or forbids.
//   node operations.mjs --specs DIR [--out operations.json]
// Values are deterministic: a SID's 32 hex digits are the MD5 of the parameter's name, so that
// two parameters with the same prefix differ and swapped path parameters can be told apart.
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
const opt = (n, d) => { const i = process.argv.indexOf('--' + n); return i < 0 ? d : process.argv[i + 1]; };
const SPECS = opt('specs'), OUT = opt('out', 'operations.json');
if (!SPECS) { console.error('usage: operations.mjs --specs DIR [--out FILE]'); process.exit(2); }
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const md5 = s => createHash('md5').update(s).digest('hex');

let doc;
const deref = (s, n = 0) => {
  while (s && typeof s === 'object' && s.$ref && n++ < 30)
    s = s.$ref.slice(2).split('/').reduce((o, k) => o[k.replace(/~1/g, '/').replace(/~0/g, '~')], doc);
  return s || {};
};

// A string that matches one of the simple regular expressions the specs use.
function fromPattern(re, name) {
  const hex = md5(name), hexN = n => (hex + hex + hex).slice(0, n);
  let i = 0;
  const alt = () => { // alternatives up to ')' or the end: keep the first
    let first = null, cur = '';
    for (;;) {
      if (i >= re.length || re[i] === ')') { first ??= cur; return first; }
      if (re[i] === '|') { first ??= cur; cur = ''; i++; continue; }
      cur += quant();
    }
  };
  const quant = () => {
    let unit, cls = null;
    const c = re[i];
    if (c === '^' || c === '$') { i++; return ''; }
    if (c === '(') { i++; if (re.startsWith('?:', i)) i += 2; const s = alt(); i++; unit = () => s; }
    else if (c === '[') { const e = re.indexOf(']', re[i + 1] === ']' ? i + 2 : i + 1); cls = re.slice(i, e + 1); i = e + 1; }
    else if (c === '\\') { const k = re[i + 1]; i += 2; if (k === 'd') cls = '[0-9]'; else if (k === 'w') cls = '[a-z]'; else unit = () => k; }
    else if (c === '.') { i++; unit = () => 'x'; }
    else { i++; unit = () => c; }
    let n = 1;
    const q = /^(\{(\d+)(,(\d*))?\}|[*+?])\??/.exec(re.slice(i));
    if (q) { i += q[0].length; n = q[2] !== undefined ? Number(q[2]) : q[1] === '+' || q[1] === '*' ? 4 : 0; }
    if (cls) {
      const r = new RegExp(cls);
      if (n >= 8 && [...'0123456789abcdef'].every(x => r.test(x))) return hexN(n);
      const pool = [...'abcdefghij0123456789ABCDEFGHIJ'].filter(x => r.test(x));
      let s = ''; for (let k = 0; k < n; k++) s += pool[parseInt(hex[k % 32], 16) % pool.length] ?? ''; return s;
    }
    return unit().repeat(n);
  };
  const s = alt();
  return new RegExp(re).test(s) ? s : null;
}

const FORMATS = {
  'date-time': '2024-01-02T03:04:05Z', date: '2024-01-02', uri: 'https://example.com/hook', url: 'https://example.com/hook',
  'phone-number': '+15005550006', endpoint: '+15005550006', email: 'a@example.com', uuid: '123e4567-e89b-42d3-a456-426614174000',
  'iso-country-code': 'US', 'http-method': 'POST', twiml: '<Response/>',
};
function sample(schema, name, where, all = false, depth = 0) {
  const s = deref(schema);
  if (s.enum) return s.enum.find(v => v !== null && v !== '') ?? s.enum[0];
  if (s.const !== undefined) return s.const;
  if (s.allOf) { // merge the parts first: one may hold the properties, another the list of required ones
    const flat = x => { x = deref(x); return x.allOf ? [...x.allOf.flatMap(flat), { ...x, allOf: undefined }] : [x]; };
    const m = { properties: {}, required: [] };
    for (const x of flat(s)) {
      for (const [k, v] of Object.entries(x)) if (v !== undefined && k !== 'properties' && k !== 'required') m[k] = v;
      Object.assign(m.properties, x.properties); m.required.push(...(x.required || []));
    }
    if (!Object.keys(m.properties).length) delete m.properties;
    return sample(m, name, where, all, depth + 1);
  }
  for (const k of ['oneOf', 'anyOf']) if (s[k]?.length) {
    const v = sample(s[k].find(x => deref(x).type !== 'null') || s[k][0], name, where, all, depth + 1);
    return s.properties && v && typeof v === 'object' ? { ...sample({ ...s, [k]: undefined }, name, where, all, depth + 1), ...v } : v;
  }
  switch (Array.isArray(s.type) ? s.type.find(t => t !== 'null') : s.type || (s.properties ? 'object' : undefined)) {
    case 'integer': case 'number': {
      let v = name === 'PageSize' || name === 'pageSize' ? 20 : 1;
      if (s.minimum !== undefined && v < s.minimum) v = s.minimum;
      if (s.exclusiveMinimum === true && v <= s.minimum) v = s.minimum + 1;
      if (s.maximum !== undefined && v > s.maximum) v = s.maximum;
      return v;
    }
    case 'boolean': return true;
    case 'array': {
      if (depth > 6) return [];
      const one = sample(s.items || {}, name, where, all, depth + 1);
      const n = Math.max(1, s.minItems || 0);
      return Array.from({ length: n }, (_, k) => (s.uniqueItems && k && typeof one === 'string' ? one + k : one));
    }
    case 'object': {
      const out = {};
      for (const [k, p] of Object.entries(s.properties || {})) {
        const ps = deref(p);
        if (ps.readOnly) continue;
        if ((s.required || []).includes(k) || (all && depth < 3)) out[k] = sample(p, k, 'json', all, depth + 1);
      }
      const need = s.minProperties || 0;
      for (let k = Object.keys(out).length; k < need; k++) {
        const extra = Object.keys(s.properties || {}).find(x => !(x in out));
        out[extra || 'key' + k] = extra ? sample(s.properties[extra], extra, 'json', all, depth + 1) : sample(typeof s.additionalProperties === 'object' ? s.additionalProperties : { type: 'string' }, 'v', 'json', all, depth + 1);
      }
      return out;
    }
    case 'string': {
      let v = s.pattern ? fromPattern(s.pattern, name) : null;
      if (v === null) v = FORMATS[s.format] ?? (where === 'path' ? `x-${name.toLowerCase()}` : `sample ${name}`);
      if (s.maxLength !== undefined && v.length > s.maxLength) v = v.slice(0, s.maxLength);
      while (s.minLength !== undefined && v.length < s.minLength) v += md5(name + v.length).slice(0, s.minLength - v.length);
      return v;
    }
    default: return where === 'form' || where === 'json' ? { key: 'value' } : `sample ${name}`; // any type
  }
}
const typeOf = schema => {
  const s = deref(schema);
  const t = s.type || (s.oneOf || s.anyOf || s.allOf ? 'union' : 'any');
  if (t === 'string' && (s.format === 'date' || s.format === 'date-time')) return s.format;
  if (t === 'object' && /^prefixed-collapsible-map-/.test(s.format || '')) return s.format;
  if (t === 'array') return 'array:' + (deref(s.items || {}).type || 'any');
  return t;
};

// Values of one argument, each with its path in a JSON body: { at, value, wrong: does the spec forbid it? }. `good` is a sample.
const NONSENSE = 'no such !';
function trials(schema, good, at = '', depth = 0) {
  let s = deref(schema);
  const out = [], add = (value, wrong = true, where = at) => out.push({ at: where, value, wrong });
  while (s.allOf?.length === 1 && !s.properties) s = deref(s.allOf[0]);
  if (s.oneOf || s.anyOf || s.allOf || good === undefined || depth > 8) return out;
  if (s.enum) { for (const v of s.enum) add(v, false); add(NONSENSE); }
  else if (s.pattern) add(NONSENSE);
  else if (s.type === 'integer' || s.type === 'number') {
    if (s.minimum !== undefined) add(s.minimum - 1);
    if (s.maximum !== undefined) add(s.maximum + 1);
  } else if (s.type === 'string') {
    if (s.minLength > 1) add('x');
    if (s.maxLength) add('x'.repeat(s.maxLength + 1));
  } else if (Array.isArray(good)) {
    if (s.maxItems && s.maxItems < 1000) add(Array(s.maxItems + 1).fill(good[0]));
    for (const t of trials(s.items || {}, good[0], at, depth + 1)) add([t.value, ...good.slice(1)], t.wrong, t.at);
  } else if (s.type === 'object' && good && typeof good === 'object') {
    const path = k => (at ? at + '.' : '') + k;
    for (const k of s.required || []) add(Object.fromEntries(Object.entries(good).filter(([x]) => x !== k)), true, path(k));
    if (s.additionalProperties === false) add({ ...good, nonsense: 1 }, true, path('nonsense'));
    for (const [k, p] of Object.entries(s.properties || {}))
      for (const t of trials(p, good[k], path(k), depth + 1)) add({ ...good, [k]: t.value }, t.wrong, t.at);
  }
  return out;
}
const tried = (place, name, schema, good) => trials(schema, good).map(t => ({ place, name: name || t.at, value: t.value, wrong: t.wrong }));

// The members that a JSON body can have, all alternatives together: { members: name -> tree, items: tree, values: tree }.
// Names of members are the API's; keys of a map (values) are the caller's, as is all below what has no tree.
function tree(schema, depth = 0) {
  const flat = x => { x = deref(x); return [x, ...['allOf', 'oneOf', 'anyOf'].flatMap(k => (x[k] || []).flatMap(flat))]; };
  const merge = (a, b) => {
    if (!a || !b) return a || b;
    const out = { ...a };
    for (const [k, t] of Object.entries(b.members || {})) (out.members = { ...out.members })[k] = merge(out.members[k], t);
    for (const k of ['items', 'values']) out[k] = merge(a[k], b[k]);
    return out;
  };
  let out = {};
  if (depth > 12) return out;
  for (const s of flat(schema)) {
    for (const [k, p] of Object.entries(s.properties || {})) out = merge(out, { members: { [k]: tree(p, depth + 1) } });
    if (s.items) out = merge(out, { items: tree(s.items, depth + 1) });
    if (s.additionalProperties && typeof s.additionalProperties === 'object') out = merge(out, { values: tree(s.additionalProperties, depth + 1) });
  }
  return out;
}

const ops = [];
for (const file of fs.readdirSync(SPECS).filter(f => f.endsWith('.json')).sort()) {
  doc = JSON.parse(fs.readFileSync(path.join(SPECS, file), 'utf8'));
  if (!doc.openapi || !doc.paths) continue;
  for (const [tpl, item] of Object.entries(doc.paths)) for (const method of METHODS) {
    const o = item[method];
    if (!o) continue;
    const server = (o.servers || item.servers || doc.servers || [])[0]?.url;
    const rec = { file, host: server ? new URL(server).hostname : null, id: o.operationId, method: method.toUpperCase(), path: tpl,
      path_params: {}, query: {}, headers: {}, form: {}, json: undefined, content_type: null,
      opt_query: {}, opt_headers: {}, opt_form: {}, opt_json: undefined, types: {}, trials: [], success: null, is_list: false, list_key: null,
      path_type: item['x-twilio']?.pathType || null, auth: [], deprecated: !!o.deprecated };
    const params = new Map();
    for (const p of [...(item.parameters || []), ...(o.parameters || [])].map(p => deref(p))) params.set(p.in + ' ' + p.name, p);
    for (const p of params.values()) {
      const schema = p.schema || Object.values(p.content || {})[0]?.schema || {};
      const v = sample(schema, p.name, p.in === 'header' ? 'query' : p.in);
      rec.types[p.in + ':' + p.name] = typeOf(schema);
      if (p.in !== 'path') rec.trials.push(...tried(p.in, p.name, schema, v));
      if (p.in === 'path') rec.path_params[p.name] = v;
      else if (p.in === 'query') (p.required ? rec.query : rec.opt_query)[p.name] = v;
      else if (p.in === 'header') (p.required ? rec.headers : rec.opt_headers)[p.name] = v;
    }
    for (const m of tpl.matchAll(/\{([^}]+)\}/g)) if (!(m[1] in rec.path_params)) { rec.path_params[m[1]] = `x-${m[1].toLowerCase()}`; rec.undeclared_path_param = true; }
    rec.call_order = Object.keys(rec.path_params); // as the operation declares them
    // path parameters in the order of the template
    rec.path_params = Object.fromEntries([...tpl.matchAll(/\{([^}]+)\}/g)].map(m => [m[1], rec.path_params[m[1]]]));
    const body = o.requestBody && deref(o.requestBody);
    if (body?.content) {
      const kinds = Object.keys(body.content);
      rec.content_type = kinds.find(k => /x-www-form-urlencoded/.test(k)) || kinds.find(k => /json/.test(k)) || kinds[0];
      const schema = deref(body.content[rec.content_type].schema);
      rec.body_required = !!body.required;
      if (/x-www-form-urlencoded/.test(rec.content_type)) {
        for (const [n, s] of Object.entries(schema.properties || {})) {
          rec.types['form:' + n] = typeOf(s);
          rec.trials.push(...tried('form', n, s, sample(s, n, 'form')));
          ((schema.required || []).includes(n) ? rec.form : rec.opt_form)[n] = sample(s, n, 'form');
        }
      } else {
        rec.json = sample(schema, 'body', 'json');
        rec.opt_json = sample(schema, 'body', 'json', true);
        rec.json_tree = tree(schema);
        rec.trials.push(...tried('json', '', schema, rec.opt_json));
        if (Object.keys(doc.components?.schemas || {}).length && body.content[rec.content_type].schema?.$ref) rec.json_schema = body.content[rec.content_type].schema.$ref.split('/').pop();
      }
    }
    const codes = Object.keys(o.responses || {});
    // A creation that may answer 200, too, answers 201.
    const made = /^create/i.test(o.operationId) && codes.find(c => c === '201');
    rec.success = Number(made || codes.find(c => /^2/.test(c)) || codes.find(c => /^3/.test(c)) || 0) || null;
    const ok = deref(o.responses?.[String(rec.success)]);
    const rs = Object.entries(ok.content || {}).find(([k]) => /json/.test(k));
    rec.response_type = Object.keys(ok.content || {})[0] || null;
    if (method === 'get' && rs) {
      const props = deref(rs[1].schema).properties || {};
      const arrays = Object.keys(props).filter(k => deref(props[k]).type === 'array');
      const ex = rs[1].examples && Object.values(rs[1].examples).map(e => deref(e).value).find(v => v?.meta?.key);
      if (arrays.length && (props.meta || 'next_page_uri' in props || 'first_page_uri' in props)) {
        rec.is_list = true;
        rec.paging = props.meta ? 'meta' : 'uri';
        rec.list_key = ex && arrays.includes(ex.meta.key) ? ex.meta.key : arrays[0] || ex?.meta?.key || null;
      }
    }
    for (const alt of o.security || doc.security || []) for (const k of Object.keys(alt)) {
      const sc = doc.components?.securitySchemes?.[k] || {};
      rec.auth.push(sc.type === 'http' ? sc.scheme : sc.type || k);
    }
    ops.push(rec);
  }
}
fs.writeFileSync(OUT, '[\n' + ops.map(o => JSON.stringify(o)).join(',\n') + '\n]\n');
const by = f => ops.reduce((a, o) => ((a[f(o)] = (a[f(o)] || 0) + 1), a), {});
console.log(JSON.stringify({ operations: ops.length, files: Object.keys(by(o => o.file)).length, methods: by(o => o.method), content: by(o => o.content_type),
  lists: ops.filter(o => o.is_list).length, list_without_key: ops.filter(o => o.is_list && !o.list_key).length, success: by(o => o.success), auth: by(o => o.auth.join('|')),
  duplicates: ops.length - new Set(ops.map(o => o.method + o.host + o.path)).size }, null, 1));
