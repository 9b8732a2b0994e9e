// Conversations: which of them is shown, what goes along with a question, and the list of all.
//
// The server has nothing of a conversation between two questions. Each question takes the turns before it along, and
// when its answer is there the page fetches it and keeps it, in its own conversation, whichever is shown by then.

const SETTLE = 1500, LOST_FLIGHT = 20000; // ms between two looks for answers, and after which none will come
let talk = null; // the conversation that is shown
const flights = new Map(); // questions that this page asked and has not kept yet: name of the turn -> {talk, since}
const ofTab = {
  read: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  write: (name, text) => { try { sessionStorage.setItem(name, text); } catch { /* a reload begins anew then */ } },
};

const inFlight = (id) => [...flights].filter(([, flight]) => flight.talk === id).map(([key]) => key);

// A question as the server wants it; null if it cannot be asked now. `instead`: it takes the place of that turn and of all
// after it.
function request(question, instead = null) {
  if (!question.trim() || inFlight(talk).length || body.classList.contains("answering")) return null;
  word("");
  const entry = keptTalk(talk) || { at: 0, name: null, turns: [] };
  const from = entry.turns.findIndex(([key]) => key === instead);
  if (from >= 0) entry.turns.length = from;
  if (entry.turns.length >= MOST_TURNS) {
    entry.turns.splice(0, entry.turns.length - MOST_TURNS + 1);
    word(LONG);
  }
  const key = newName();
  const turns = entry.turns.map(([, kept]) => kept).filter(Boolean);
  entry.turns.push([key, null]);
  entry.at = Date.now();
  keepTalk(talk, entry);
  lastTalk(talk);
  fly(key, { talk, since: Date.now() });
  return { talk, key, question, turns, options: options() };
}

function fly(key, flight) {
  if (flight) flights.set(key, flight);
  else flights.delete(key);
  ofTab.write("qa flights", [...flights.keys()].join(" "));
}

// The turns that the server has for us, into their conversations.
async function collect() {
  if (!flights.size) return;
  const { turns } = await call("kept", { turns: [...flights.keys()] });
  for (const [key, flight] of [...flights]) {
    const turn = turns?.[key];
    if (turn) keepTurn(flight.talk, key, turn);
    if (turn ? turn.settled : turns && Date.now() - flight.since > LOST_FLIGHT) fly(key, null);
  }
}

function keepTurn(id, key, turn) {
  const entry = keptTalk(id);
  const place = entry?.turns.find(([one]) => one === key);
  if (!place || place[1] === turn.kept) return; // deleted meanwhile, or another was asked instead
  place[1] = turn.kept;
  entry.name ??= turn.name;
  keepTalk(id, entry);
  list();
}

async function collecting() {
  await collect();
  setTimeout(collecting, SETTLE);
}

// What Gradio has drawn: another conversation's answer that came late is replaced; what changed is kept.
let drawn = "";
function drew() {
  const shown = document.querySelector("#said [data-talk]");
  if (!shown) return;
  body.classList.remove("restoring");
  if (shown.dataset.talk !== talk) { turnTo(talk); return; }
  const turn = [...shown.querySelectorAll(".turn")].pop();
  body.classList.toggle("talking", Boolean(turn));
  if (!turn) {
    body.classList.remove("answering");
    clearTimeout(stoppable);
    stops(false);
    last = { key: null, state: null };
  }
  const now = turn ? `${turn.dataset.key} ${turn.dataset.state}` : "";
  if (now !== drawn) collect();
  drawn = now;
}

function turnTo(id) {
  talk = id;
  ofTab.write("qa talk", ENTRY + id);
  const entry = keptTalk(id);
  if (entry) lastTalk(id);
  const aside = [...flights].filter(([, flight]) => flight.talk !== id).map(([key]) => key);
  trigger("turn", { talk: id, turns: entry ? entry.turns : [], aside });
}

function turnToNew() {
  shut();
  turnTo(newName());
  if (NARROW.matches) view("talk");
  document.querySelector("#question textarea").focus();
}

// The conversation of this tab before it was reloaded, else the one that this browser had last.
function restore() {
  window.qaPage = { request };
  for (const key of (ofTab.read("qa flights") || "").split(" ").filter(Boolean)) call("stop", { turn: key }); // nobody waits for it now
  const before = ofTab.read("qa talk") || "";
  const id = before.startsWith(ENTRY) ? before.slice(ENTRY.length) : lastTalk();
  talk = id && keptTalk(id) ? id : newName();
  new MutationObserver(drew).observe(document.querySelector("#said"), { childList: true, subtree: true, attributes: true, characterData: true });
  if (talk === id) {
    body.classList.add("restoring");
    for (const [key, kept] of keptTalk(id).turns) if (!kept) fly(key, { talk, since: Date.now() - LOST_FLIGHT + 2 * SETTLE });
    turnTo(talk);
  } else ofTab.write("qa talk", ENTRY + talk);
  collecting();
}

// Another tab of this browser has changed what is kept.
window.addEventListener("storage", ({ key, newValue }) => {
  if (!key?.startsWith(ENTRY)) return;
  const id = key.slice(ENTRY.length);
  list();
  if (id !== talk || inFlight(id).length) return;
  if (newValue === null) turnTo(newName());
  else turnTo(id);
});

async function list() {
  const panel = part("talks");
  if (!panel.matches(":popover-open")) return;
  const day = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  const kept = keptTalks().map((id) => ({ id, entry: keptTalk(id) })).filter(({ entry }) => entry?.name)
    .sort((one, other) => other.entry.at - one.entry.at)
    .map(({ id, entry }) => ({ talk: id, name: entry.name, questions: entry.turns.length, when: day(entry.at) }));
  const answer = await call("conversations", { kept, current: talk });
  if (answer.html === undefined || panel.querySelector(".naming:not([hidden])")) return;
  put(part("past"), answer.html);
  for (const id of answer.broken) drawer.removeItem(ENTRY + id);
  if (answer.broken.length) word(UNREADABLE);
}

const rowOf = (button) => button.closest("li");

function ask_to_forget(row, asking) {
  row.classList.toggle("asking", asking);
  row.querySelector(asking ? '[data-act="keep-talk"]' : '[data-act="forget"]').focus();
}

function forget(row) {
  const id = row.dataset.talk;
  for (const key of inFlight(id)) { call("stop", { turn: key }); fly(key, null); }
  drawer.removeItem(ENTRY + id);
  if (id === talk) turnTo(newName());
  list();
  part("talks").querySelector('[data-act="new-talk"]').focus();
}

async function rename(input, to) {
  if (input.hidden) return;
  input.hidden = true;
  const id = rowOf(input).dataset.talk;
  const answer = to && to.trim() ? await call("rename", { name: to }) : {};
  const entry = keptTalk(id);
  if (answer.name && entry) keepTalk(id, { ...entry, name: answer.name });
  await list();
  part("past").querySelector('[data-act="rename"]')?.focus();
}

async function exported() {
  const entry = keptTalk(talk);
  if (!entry) return;
  const answer = await call("export", { name: entry.name, turns: entry.turns.map(([, kept]) => kept).filter(Boolean) });
  if (answer.text === undefined) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answer.text], { type: "text/markdown" }));
  link.download = answer.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

part("talks").addEventListener("toggle", (event) => { if (event.newState === "open") list(); });
part("talks").addEventListener("keydown", (event) => {
  if (!event.target.matches(".naming") || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  rename(event.target, event.key === "Enter" ? event.target.value : null);
});
part("talks").addEventListener("focusout", ({ target }) => { if (target.matches?.(".naming")) rename(target, target.value); });

Object.assign(acts, {
  "new-talk": turnToNew,
  talk: (button) => {
    shut();
    if (rowOf(button).dataset.talk !== talk) turnTo(rowOf(button).dataset.talk);
    if (NARROW.matches) view("talk");
    document.querySelector("#question textarea").focus();
  },
  forget: (button) => ask_to_forget(rowOf(button), true),
  "keep-talk": (button) => ask_to_forget(rowOf(button), false),
  forgetting: (button) => forget(rowOf(button)),
  rename: (button) => {
    const input = rowOf(button).querySelector(".naming");
    input.hidden = false;
    input.focus();
    input.select();
  },
  export: exported,
});
