// compare.js: random TwiML documents made by twilio-node, for tools/twiml/compare.lua to make again.
//
//    npm install twilio
//    node tools/twiml/compare.js [count] > documents.json && lua tools/twiml/compare.lua documents.json
//
// A document is { language, expected, steps }; a step is a call (method, attributes, text), an element outside the
// grammar, a text or a comment. The generator is seeded: the same count gives the same documents. Attributes are
// given in the order of their names, since that is the order in which the Lua library writes them.

const fs = require("fs");
const path = require("path");

const PACKAGE = process.env.TWILIO_NODE || path.dirname(require.resolve("twilio/package.json"));
const TEXTS = ["Hello", "a<b>&", "\"q\" 'x'", "naïve ☎ 😀", "  sp  ace ", "line\nbreak", "tab\there", "cr\r\nlf", "]]>", "&amp;", "",
  "日本語", "0", "\u007f\u0085"];
const LISTS = { number: [1, 2, 3], string: ["initiated", "ringing", "completed"] };

let seed = 42;
function below(n) {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % n;
}
const pick = (list) => list[below(list.length)];

// class -> [[attribute, TypeScript type], ...] from the interfaces of a .d.ts file
function readAttributes(file) {
  const classes = {};
  for (const [, name, body] of fs.readFileSync(file, "utf8").matchAll(/interface (\w+)Attributes \{([^}]*)\}/g)) {
    classes[name] = [...body.matchAll(/^\s*"?([\w:-]+)"?\?: (.*);/gm)].map((match) => [match[1], match[2]]).sort();
  }
  return classes;
}

function value(type) {
  if (type.endsWith("[]")) return LISTS[type === "number[]" ? "number" : "string"].slice(0, 1 + below(3));
  if (type === "boolean") return below(2) === 1;
  if (type === "number") return below(3) ? below(100) : below(10) + 0.5;
  return pick(TEXTS);
}

function attributesOf(known = []) {
  const attributes = {};
  for (const [name, type] of known) if (below(3) === 0) attributes[name] = value(type);
  return attributes;
}

function methodsOf(node) {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(node));
  return names.filter((name) => name !== "constructor" && !name.startsWith("comment"));
}

const kinds = {
  text(node) {
    const text = pick(TEXTS);
    node.addText(text);
    return { text };
  },
  comment(node) {
    if (!node.comment) return kinds.text(node);
    node.comment("a comment");
    return { comment: " a comment " }; // twilio-node puts the spaces there by itself
  },
  generic(node, known, depth) {
    const tag = "generic-" + below(3);
    const attributes = { a_b: pick(TEXTS), foo: "bar", n: below(9) };
    return { tag, attributes, steps: fill(node.addChild(tag, attributes), known, depth + 1) };
  },
  call(node, known, depth) {
    const method = pick(methodsOf(node));
    if (!method) return kinds.text(node);
    const source = String(node[method]);
    const name = source.match(/new \w+\.(\w+)\(/)[1];
    const attributes = attributesOf(known[name]);
    const text = source.includes("(attributes, ") ? pick(TEXTS) : undefined;
    return { method, name, attributes, text, steps: fill(node[method](attributes, text), known, depth + 1) };
  },
};

function fill(node, known, depth) {
  const steps = [];
  const count = depth > 3 ? 0 : below(5);
  for (let i = 0; i < count; i++) {
    const kind = pick(["text", "comment", "generic", "call", "call", "call", "call", "call", "call", "call"]);
    steps.push(kinds[kind](node, known, depth));
  }
  return steps;
}

function makeDocument(language) {
  const file = path.join(PACKAGE, "lib/twiml", language[0].toUpperCase() + language.slice(1) + "Response");
  const response = new (require(file + ".js"))();
  const steps = fill(response, readAttributes(file + ".d.ts"), 0);
  return { language, steps, expected: response.toString() };
}

const documents = [];
for (let i = 0; i < (Number(process.argv[2]) || 500); i++) {
  documents.push(makeDocument(i % 7 === 0 ? "messaging" : i % 23 === 0 ? "fax" : "voice"));
}
console.log(JSON.stringify(documents));
