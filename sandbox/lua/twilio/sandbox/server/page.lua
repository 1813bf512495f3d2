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
  :root { color-scheme: light dark; --back: #fafafa; --card: #fff; --text: #1c2024; --soft: #60646c; --line: #e1e3e6; --accent: #0b68cb; --bad: #c0262d; --in: #eef0f3; --out: #dcebfb; }
  @media (prefers-color-scheme: dark) { :root { --back: #111315; --card: #191b1f; --text: #eceef0; --soft: #a0a6ae; --line: #2e3238; --accent: #6cb2ff; --bad: #ff8a8a; --in: #25292e; --out: #173552; } }
  * { box-sizing: border-box; } [hidden] { display: none !important; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1.25rem 1rem 3rem; background: var(--back); color: var(--text); }
  h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1rem; margin: 0 0 .6rem; overflow-wrap: anywhere; }
  header { display: flex; gap: .2rem 1rem; align-items: baseline; flex-wrap: wrap; margin-bottom: 1rem; } header span, .space, .soft { color: var(--soft); font-size: .87rem; }
  input, select, button { font: inherit; color: inherit; padding: .35rem .65rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); min-width: 0; max-width: 100%; }
  button { cursor: pointer; } button[aria-pressed=true] { color: var(--accent); border-color: var(--accent); font-weight: 600; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  nav, .bar, form { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; } nav, .bar { margin: .8rem 0; } #search { flex: 1 1 12rem; } .bar { row-gap: .8rem; column-gap: .8rem; }
  header .space { display: flex; flex: 0 1 auto; align-items: baseline; gap: .4rem; margin-left: auto; } #space { padding: .15rem .4rem; max-width: 14rem; } header .bad { color: var(--bad); }
  label { display: grid; font-size: .85rem; color: var(--soft); flex: 1 1 11rem; min-width: 0; } label input { color: var(--text); font-size: 15px; } #advance label, #offset label { flex: 0 1 12rem; } #clock { font-variant-numeric: tabular-nums; }
  .tools { display: flex; flex-wrap: wrap; gap: .5rem; } .tools details { margin: 0; padding: .5rem .9rem; } .tools details[open] { flex-basis: 100%; padding-bottom: .9rem; } .bar form { flex: 0 1 auto; } .tools form, .tools .bar { margin: .6rem 0 0; } .bar > form { margin: 0 !important; } #title:focus { outline: none; }
  details, .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; margin: 0 0 .7rem; } summary { cursor: pointer; font-weight: 600; } details form { margin-top: .7rem; }
  .row { display: grid; grid-template-columns: 6rem minmax(0, 1fr) auto; gap: .1rem .8rem; width: 100%; text-align: left; margin: 0 0 .35rem; padding: .55rem .9rem; overflow-wrap: anywhere; }
  .row .soft:last-child { grid-column: 2 / -1; } .bubble { display: block; width: fit-content; max-width: 85%; text-align: left; margin: 0 0 .45rem; background: var(--in); overflow-wrap: anywhere; white-space: pre-wrap; border: 0; border-radius: .8rem; }
  .bubble.out { margin-left: auto; background: var(--out); } .bubble .soft { display: block; } .bad, .bad .soft, .soft.bad { color: var(--bad); }
  dialog { width: min(46rem, calc(100vw - 1.5rem)); max-height: 88vh; border: 1px solid var(--line); border-radius: .7rem; background: var(--card); color: var(--text); padding: 1.1rem; } dialog::backdrop { background: #0008; }
  dl { display: grid; grid-template-columns: minmax(6rem, 11rem) minmax(0, 1fr); gap: .3rem .9rem; margin: 0; } dt { color: var(--soft); overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; } dd dl { font-size: .92em; } ol { margin: 0; padding-left: 1.2rem; } a { color: var(--accent); }
  #answer { margin: .5rem 0; min-height: 1.5em; overflow-wrap: anywhere; }
  @media (max-width: 30rem) { .row { grid-template-columns: minmax(0, 1fr) auto; } .row > :first-child { grid-column: 1 / -1; } .row .soft:last-child { grid-column: 1 / -1; } dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .3rem; } }
</style>
</head>
<body>
<header><h1>Twilio sandbox</h1><span id="live" role="status"></span><span id="clock"></span><span id="counts"></span>
<label class="space">Sandbox <select id="space"></select></label></header>
<main>
<div class="tools">
<details><summary>Receive a message</summary><form id="inbound">
  <label>From <input name="from" value="+15558675310" required></label>
  <label>To <input name="to" list="numbers" required></label>
  <label>Text <input name="body" value="Hello"></label>
  <label>Webhook, if not the number's <input name="url" type="url" placeholder="http://127.0.0.1:..."></label>
  <button>Send</button>
</form></details>
<details><summary>Receive a call</summary><form id="call">
  <label>From <input name="from" value="+15558675310" required></label>
  <label>To <input name="to" list="numbers" required></label>
  <label>Keys, one group for each Gather <input name="digits" placeholder="1 42#"></label>
  <label>Webhook, if not the number's <input name="url" type="url" placeholder="http://127.0.0.1:..."></label>
  <button>Call</button>
</form></details>
<details><summary>Clock</summary>
<div class="bar"><form id="advance"><label>Advance by seconds <input name="seconds" type="number" min="0" step="any" value="60" required></label> <button>Advance</button></form>
<form id="offset"><label>Seconds ahead of real time <input name="offset" type="number" step="any" value="3600" required></label> <button>Set</button></form>
<button type="button" id="freeze">Freeze</button></div>
</details>
<details><summary>Clear</summary><form>
  <button type="button" id="forget">Clear requests and webhooks</button><button type="button" id="reset">Clear everything</button><button type="button" id="remove">Remove this sandbox</button>
</form></details>
</div>
<datalist id="numbers"></datalist>
<p id="answer" role="status"></p>
<nav id="views" aria-label="Views"></nav>
<div class="bar"><input id="search" type="search" aria-label="Search" placeholder="Search numbers, texts, SIDs">
<select id="filter" aria-label="Filter"><option value="">All</option><option value="bad">Only errors</option></select></div>
<section id="list" aria-label="Entries"></section>
</main>
<dialog id="detail" aria-labelledby="title"><h2 id="title" tabindex="-1" autofocus></h2><div id="content"></div><div class="bar" id="buttons"></div></dialog>

<script>
"use strict";
const $ = id => document.getElementById(id);
const node = (tag, text, cls) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (cls) e.className = cls; return e; };
const button = (text, run, cls) => { const e = node("button", text, cls); e.type = "button"; e.addEventListener("click", run); return e; };
const count = (list, word) => list.length + " " + word + (list.length === 1 ? "" : "s");
const time = seconds => seconds === undefined ? "" : new Date(seconds * 1000).toLocaleTimeString();
const moment = item => item.at ?? item.date_created ?? 0;
const brief = params => Object.entries(params || {}).map(([k, v]) => k + "=" + v).join("  ");
const errors = item => (item.transcript || []).filter(entry => entry.verb === "Error");
const failed = item => Boolean(item.error || item.error_code || item.status >= 400 || ["failed", "undelivered"].includes(item.status) || errors(item).length);

let state = { messages: [], calls: [], verifications: [], webhooks: [], requests: [], numbers: [], namespaces: [] }, seen = "", view = "messages";
let space = new URLSearchParams(location.search).get("sandbox") || "default";

async function ask(method, name, fields) {
  const response = await fetch("/__sandbox/" + name, { method, headers: { "Content-Type": "application/json", "X-Sandbox": space }, body: fields && JSON.stringify(fields) });
  const result = await response.json();
  if (result.error && !response.ok) throw new Error(result.error);
  return result;
}
const command = (name, fields) => ask("POST", name, fields);
function say(text, bad) { $("answer").textContent = text; $("answer").className = bad ? "bad" : ""; }
async function attempt(run) {
  try { say(...[].concat(await run())); } catch (e) { say(e.message, true); }
  if (poller) await refresh();
}

// A command that does what the entry did. It names the account's variables instead of their values.
const quoted = text => "'" + String(text).replaceAll("'", "'\\''") + "'";
function as_command(kind, item) {
  const words = ["curl", "-X", quoted(item.method)];
  if (kind === "requests") words.push("-k -u \"$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN\"", "-H", quoted("X-Original-Host: " + item.host), ...(space === "default" ? [] : ["-H", quoted("X-Sandbox: " + space)]));
  else if (item.signature) words.push("-H", quoted("X-Twilio-Signature: " + item.signature));
  if (item.method === "GET" || item.method === "HEAD") words.push("-G");
  const type = (item.headers || {})["content-type"] || "";
  if (item.body && String(type).includes("json")) words.push("-H", quoted("Content-Type: " + type), "--data-raw", quoted(item.body));
  else for (const [name, value] of Object.entries(item.params || {}))
    for (const one of [].concat(value)) words.push("--data-urlencode", quoted(name + "=" + (typeof one === "object" ? JSON.stringify(one) : one)));
  const target = new URL(kind === "requests" ? location.origin + item.path : item.url);
  target.username = target.password = "";
  words.push(quoted(target.href));
  return words.join(" ");
}

function value(name, it) {
  if (name === "transcript") {
    const list = node("ol");
    for (const { verb, at, ...rest } of it) {
      const entry = node("li", (at === undefined ? "" : at + " s  ") + verb + ": " + (rest.text ?? rest.body ?? rest.message ?? brief(rest)), verb === "Error" ? "bad" : "");
      if (rest.code) entry.append(" ", link(rest.code));
      list.append(entry);
    }
    return list;
  }
  if (name === "error_code" && it) return link(it);
  if (it && typeof it === "object") return table(it);
  return document.createTextNode(name === "at" || name.startsWith("date_") ? new Date(it * 1000).toUTCString() : String(it));
}
function link(code) {
  const a = node("a", "Error " + code);
  a.href = "https://www.twilio.com/docs/api/errors/" + encodeURIComponent(code);
  a.rel = "noreferrer";
  return a;
}
function table(item) {
  const list = node("dl");
  for (const name of Object.keys(item)) {
    const cell = node("dd");
    cell.append(value(name, item[name]));
    list.append(node("dt", name), cell);
  }
  return list;
}
function open(kind, item) {
  $("title").textContent = item.method ? item.method + " " + (item.url || item.host + item.path) : item.sid;
  $("content").replaceChildren(table(item));
  const buttons = [button("Close", () => $("detail").close())];
  if (item.method) buttons.push(button("Copy as curl", () => navigator.clipboard.writeText(as_command(kind, item)).then(() => say("Copied."), e => say(e.message, true))));
  if (item.id) buttons.push(button("Replay", () => { $("detail").close(); attempt(async () => outcome(kind, await command("replay", { id: item.id, kind: kind.slice(0, -1) }))); }));
  $("buttons").replaceChildren(...buttons);
  $("detail").showModal();
}
const outcome = (kind, item) => [kind === "requests" ? "The request was answered " + (item.status ?? "by a broken connection") + "."
  : item.error ? "The webhook failed: " + item.error : "The webhook answered " + item.status + ".", failed(item)];

function row(kind, item) {
  const line = {
    messages: () => [time(item.date_created), item.from + " → " + item.to, item.status, item.body],
    calls: () => [time(item.date_created), item.from + " → " + item.to, item.status, count(item.transcript, "step") + "  " + item.sid],
    verifications: () => [time(item.date_created), item.to + " (" + item.channel + ")", item.status, "Code " + item.code + "  " + item.sid],
    webhooks: () => [time(item.at), item.method + " " + item.url, item.error || item.status, brief(item.params)],
    requests: () => [time(item.at), item.method + " " + item.host + item.path, item.status ?? "broken", brief(item.params)],
  }[kind]();
  const problem = errors(item).map(entry => entry.code + " " + entry.message).join("; ");
  const e = button("", () => open(kind, item), "row" + (failed(item) ? " bad" : ""));
  e.append(node("span", line[0], "soft"), node("span", line[1]), node("strong", line[2]), node("span", (problem || (item.error_code ? "Error " + item.error_code + "  " + (item.error_message || "") + "  " : "") + (line[3] || "")).slice(0, 160), "soft"));
  return e;
}
// Two numbers' messages are one conversation, oldest first, so that a reply is below its message.
function conversations(messages) {
  const groups = new Map();
  for (const m of messages) {
    const key = [m.from || "", m.to || ""].sort().join(" · ");
    groups.set(key, [m, ...(groups.get(key) || [])]);
  }
  return [...groups].map(([key, items]) => {
    const card = node("div", undefined, "card");
    card.append(node("h2", key));
    for (const m of items) {
      const bubble = button(m.body || "(no text)", () => open("messages", m), "bubble" + (m.direction === "inbound" ? "" : " out") + (failed(m) ? " bad" : ""));
      bubble.append(node("span", time(m.date_created) + "  " + m.direction + "  " + m.status + (m.error_code ? "  Error " + m.error_code : ""), "soft"));
      card.append(bubble);
      for (const entry of errors(m)) card.append(node("p", entry.code + " " + entry.message, "soft bad"));
    }
    return card;
  });
}

const kinds = { messages: "Messages", calls: "Calls", verifications: "Verifications", webhooks: "Webhooks", requests: "API requests" };
const tabs = Object.entries({ ...kinds, errors: "Errors" }).map(([id, text]) => {
  const tab = button(text, () => { view = id; draw(); });
  tab.dataset.view = id;
  return tab;
});
$("views").append(...tabs);

function draw() {
  const word = $("search").value.toLowerCase(), only = $("filter").value || view === "errors";
  const wanted = id => state[id].filter(item => (!only || failed(item)) && JSON.stringify(item).toLowerCase().includes(word));
  for (const tab of tabs) tab.setAttribute("aria-pressed", tab.dataset.view === view);
  const bad = Object.keys(kinds).reduce((sum, id) => sum + state[id].filter(failed).length, 0), last = tabs[tabs.length - 1];
  last.textContent = "Errors" + (bad ? " " + bad : "");
  last.classList.toggle("bad", bad > 0);
  const shown = view === "messages" ? conversations(wanted(view))
    : view === "errors" ? Object.keys(kinds).flatMap(id => wanted(id).map(item => [id, item])).sort(([, a], [, b]) => moment(b) - moment(a)).map(pair => row(...pair)) : wanted(view).map(item => row(view, item));
  // The list is made anew; the entry in focus keeps it by its place.
  const index = [...$("list").querySelectorAll("button")].indexOf(document.activeElement);
  $("list").replaceChildren(...(shown.length ? shown : [node("p", "None yet.", "soft")]));
  if (index >= 0) $("list").querySelectorAll("button")[index]?.focus();
}

// The clock goes on by itself between what the sandbox says.
let clock, heard;
function set_clock(fresh) { clock = fresh; heard = performance.now(); tick(); }
function tick() {
  if (!clock) return;
  const now = clock.frozen ? clock.now : clock.now + (performance.now() - heard) / 1000, ahead = Math.round(clock.offset - (clock.frozen ? (performance.now() - heard) / 1000 : 0));
  $("clock").textContent = new Date(now * 1000).toUTCString() + (ahead ? ", " + Math.abs(ahead).toLocaleString() + " s " + (ahead > 0 ? "ahead" : "behind") : "") + (clock.frozen ? ", frozen" : "");
  $("freeze").textContent = clock.frozen ? "Resume" : "Freeze";
}
function options(list, values) { list.replaceChildren(...values.map(v => { const o = node("option", v); o.value = v; return o; })); }
function take(fresh) {
  set_clock(fresh.clock);
  if (fresh.messages === undefined) return;
  state = fresh;
  seen = fresh.version;
  draw();
  $("counts").textContent = count(state.messages, "message") + ", " + count(state.calls, "call");
  options($("numbers"), state.numbers);
  options($("space"), [...new Set([...state.namespaces, space])]);
  $("space").append(new Option("New …", ""));
  $("space").value = space;
  $("remove").hidden = space === "default";
  for (const form of [$("inbound"), $("call")]) if (!form.to.value && state.numbers[0]) form.to.value = state.numbers[0];
}

// Live by server-sent events; without them (there are as many streams as there may be), by asking every second.
let source, poller, again;
function live(text, bad) { if ($("live").textContent !== text) { $("live").textContent = text; $("live").className = bad ? "bad" : ""; } }
function stop() {
  if (source) source.close();
  clearInterval(poller);
  clearTimeout(again);
  source = poller = again = undefined;
}
async function refresh() {
  const asked = space;
  try {
    const fresh = await ask("GET", "state?seen=" + encodeURIComponent(seen));
    if (asked !== space) return;
    take(fresh);
    live("asking every second");
  } catch (e) { live("the sandbox doesn't answer", true); }
}
function listen() {
  stop();
  source = new EventSource("/__sandbox/events?sandbox=" + encodeURIComponent(space));
  source.addEventListener("open", () => live("live"));
  source.addEventListener("state", event => take(JSON.parse(event.data)));
  source.addEventListener("clock", event => set_clock(JSON.parse(event.data)));
  source.addEventListener("removed", () => enter("default"));
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return live("the sandbox doesn't answer", true);
    stop();
    refresh();
    poller = setInterval(refresh, 1000);
    again = setTimeout(listen, 30000);
  });
}
// A page that nobody sees holds no connection: a browser has six for a host.
document.addEventListener("visibilitychange", () => document.hidden ? stop() : listen());

function enter(name) {
  space = name;
  seen = "";
  history.replaceState(null, "", space === "default" ? "/" : "/?sandbox=" + encodeURIComponent(space));
  listen();
}
$("space").addEventListener("change", () => {
  const name = $("space").value || prompt("Name of the new sandbox: letters, digits, _ and -") || space;
  $("space").value = space;
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) enter(name); else say("A sandbox's name has 1 to 64 letters, digits, _ and -.", true);
});

function on(form, run) {
  form.addEventListener("submit", event => {
    event.preventDefault();
    attempt(() => run(Object.fromEntries([...new FormData(form)].filter(([, v]) => v !== ""))));
  });
}
const problems = result => errors(result).map(entry => "Error " + entry.code + ": " + entry.message).join(" | ");
on($("inbound"), async fields => {
  const result = await command("receive_message", fields);
  if (errors(result).length) return [problems(result), true];
  return result.replies.length ? "Reply: " + result.replies.join(" | ") : "No reply.";
});
on($("call"), async fields => {
  if (fields.digits) fields.digits = fields.digits.trim().split(/\s+/);
  const result = await command("receive_call", fields);
  return errors(result).length ? [problems(result), true] : "The call is " + result.status + ".";
});
on($("advance"), async fields => { set_clock(await command("advance", { seconds: Number(fields.seconds) })); return "The clock is advanced."; });
on($("offset"), async fields => { set_clock(await command("clock", { offset: Number(fields.offset) })); return "The clock is set."; });
$("freeze").addEventListener("click", () => attempt(async () => { set_clock(await command("clock", { frozen: !clock.frozen })); return clock.frozen ? "The clock stands still." : "The clock goes on."; }));
$("forget").addEventListener("click", () => attempt(async () => { await command("forget", {}); return "Requests and webhooks are cleared."; }));
$("reset").addEventListener("click", () => { if (confirm("Clear everything?")) attempt(async () => { await command("reset", {}); return "Everything is cleared."; }); });
$("remove").addEventListener("click", () => { if (confirm("Remove the sandbox " + space + "?")) attempt(async () => { const name = space; await ask("DELETE", "namespaces/" + name); enter("default"); return name + " is removed."; }); });
$("search").addEventListener("input", draw);
$("filter").addEventListener("change", draw);

setInterval(tick, 1000);
listen();
</script>
</body>
</html>
]==]
