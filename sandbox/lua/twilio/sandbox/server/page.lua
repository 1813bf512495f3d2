-- sandbox/server/page.lua: the page at / of a served sandbox: plain HTML with its own little script;
-- nothing is loaded from elsewhere.
--
-- Data. The page shows the state that it reads from the console's /__sandbox/state. Texts of others
-- are put in as text, never as HTML.

-- luacheck: no max line length
return [==[
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Twilio sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  :root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #c2255c; }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 74rem; padding: 1rem; }
  h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
  header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; } header span { opacity: .7; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  th { font-weight: 600; opacity: .7; } td.text { overflow-wrap: anywhere; } .none td { opacity: .6; }
  code { font-size: .85em; } .status { font-weight: 600; } .bad { color: var(--accent); }
  form { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; background: var(--soft); padding: .7rem; border-radius: .4rem; }
  label { display: grid; font-size: .85rem; } input, select, button { font: inherit; padding: .25rem .5rem; } .wide { flex: 1 1 16rem; }
  ol { margin: .2rem 0; padding-left: 1.4rem; } #answer { margin: .5rem 0 0; min-height: 1.4em; }
</style>
</head>
<body>
<header><h1>Twilio sandbox</h1><span id="clock"></span><span id="counts"></span></header>

<h2>Send a message to one of your numbers</h2>
<form id="inbound">
  <label>From <input name="from" value="+15558675310" required></label>
  <label>To <input name="to" list="numbers" required><datalist id="numbers"></datalist></label>
  <label class="wide">Text <input name="body" value="Hello"></label>
  <label>Webhook, if not the number's <input name="url" placeholder="http://127.0.0.1:..."></label>
  <button>Send</button>
</form>
<p id="answer" role="status"></p>

<h2>Messages</h2>
<table><thead><tr><th>Time<th>Direction<th>From<th>To<th>Text<th>Status</tr></thead><tbody id="messages"></tbody></table>
<h2>Calls</h2>
<table><thead><tr><th>Time<th>Direction<th>From<th>To<th>Transcript<th>Status</tr></thead><tbody id="calls"></tbody></table>
<h2>Webhooks</h2>
<table><thead><tr><th>Time<th>Request<th>Parameters<th>Signature<th>Answer</tr></thead><tbody id="webhooks"></tbody></table>
<h2>API requests</h2>
<table><thead><tr><th>Request<th>Parameters<th>Answer</tr></thead><tbody id="requests"></tbody></table>

<script>
"use strict";
const $ = id => document.getElementById(id);
const node = (tag, text, cls) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (cls) e.className = cls; return e; };
const count = (list, word) => list.length + " " + word + (list.length === 1 ? "" : "s");
const time = seconds => new Date(seconds * 1000).toLocaleTimeString();
const brief = params => Object.entries(params || {}).map(([k, v]) => k + "=" + v).join("  ");

function line(entry) {
  const { verb, at, ...rest } = entry;
  return verb + ": " + (rest.text ?? rest.body ?? (rest.message ? rest.code + " " + rest.message : brief(rest)));
}
function transcript(entries) {
  const list = node("ol");
  for (const entry of entries || []) list.append(node("li", line(entry), entry.verb === "Error" ? "bad" : ""));
  return list;
}
const answer = entry => entry.error ? [entry.error, "text bad"] : [entry.status ?? "", entry.status >= 400 ? "status bad" : "status"];

const rows = {
  messages: m => [[time(m.date_created)], [m.direction], [m.from || ""], [m.to || ""], [m.body || "", "text"], [m.status, "status"]],
  calls: c => [[time(c.date_created)], [c.direction], [c.from], [c.to], [transcript(c.transcript)], [c.status, "status"]],
  webhooks: h => [[time(h.at)], [h.method + " " + h.url, "text"], [brief(h.params), "text"], [h.signature, "text"], answer(h)],
  requests: r => [[r.method + " " + r.host + r.path, "text"], [brief(r.params), "text"], answer(r)],
};

function fill(id, items) {
  const body = $(id);
  body.replaceChildren(...items.map(item => {
    const row = node("tr");
    for (const [value, cls] of rows[id](item)) {
      const cell = node("td", undefined, cls);
      cell.append(value);
      row.append(cell);
    }
    return row;
  }));
  if (!items.length) { const row = node("tr", undefined, "none"), cell = node("td", "none yet"); cell.colSpan = 6; row.append(cell); body.append(row); }
}

let seen = -1;
async function refresh() {
  try {
    const state = await (await fetch("/__sandbox/state?seen=" + seen)).json();
    $("clock").textContent = new Date(state.now * 1000).toUTCString();
    if (state.changes === seen) return;
    seen = state.changes;
    for (const id in rows) fill(id, state[id]);
    $("counts").textContent = count(state.messages, "message") + ", " + count(state.calls, "call");
    $("numbers").replaceChildren(...state.numbers.map(n => { const o = node("option"); o.value = n; return o; }));
    if (!$("inbound").to.value && state.numbers[0]) $("inbound").to.value = state.numbers[0];
  } catch (e) { $("clock").textContent = "the sandbox doesn't answer"; }
}

$("inbound").addEventListener("submit", async event => {
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(event.target)].filter(([, v]) => v !== ""));
  const response = await fetch("/__sandbox/receive_message", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });
  const result = await response.json();
  $("answer").textContent = result.error ? result.error : result.replies.length ? "Reply: " + result.replies.join(" | ") : "No reply.";
  $("answer").className = result.error ? "bad" : "";
  refresh();
});

refresh();
setInterval(refresh, 1000);
</script>
</body>
</html>
]==]
