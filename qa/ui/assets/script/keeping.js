// Where this browser keeps conversations: one entry each, so that two tabs do not write over each other's.
//
// An entry is {at, name, turns: [[key, kept, whole], ...]}: `at` in ms, `name` and `kept` sealed by the server, and
// opaque here; null until the server has given them. Knows nothing of what the page shows.

const MOST_TALKS = 100, MOST_TURNS = 100;
const FULL = "This browser keeps no more conversations: the oldest made room for this one.";
const LONG = "This conversation is very long: its first question was left out.";
const FORGETFUL = "This browser keeps nothing here: conversations last until you close or reload the page.";
const UNREADABLE = "A conversation that this browser kept could not be read any more and was put away.";

const ENTRY = `qa talk ${part("scope").dataset.scope} `;
const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The browser's own drawer, or one for as long as the page lasts where that is shut.
const drawer = (() => {
  try {
    localStorage.setItem("qa open", "yes");
    localStorage.removeItem("qa open");
    return localStorage;
  } catch {
    const all = new Map();
    return { getItem: (key) => all.get(key) ?? null, setItem: (key, text) => all.set(key, text), removeItem: (key) => all.delete(key),
      key: (i) => [...all.keys()][i], get length() { return all.size; }, forgetful: true };
  }
})();

function keptTalks() {
  const keys = Array.from({ length: drawer.length }, (_, i) => drawer.key(i));
  return keys.filter((key) => key.startsWith(ENTRY)).map((key) => key.slice(ENTRY.length));
}

// An entry; null if there is none, and if it makes no sense, which is then put away with a word.
function keptTalk(id) {
  const text = drawer.getItem(ENTRY + id);
  if (text === null) return null;
  try {
    const entry = JSON.parse(text);
    const texts = (one) => one === null || typeof one === "string";
    const sound = Number.isFinite(entry.at) && texts(entry.name) && entry.turns.every(([key, kept]) => typeof key === "string" && texts(kept));
    if (sound) return entry;
  } catch { /* what is no entry is treated below */ }
  drawer.removeItem(ENTRY + id);
  word(UNREADABLE);
  return null;
}

function keepTalk(id, entry) {
  if (drawer.forgetful) word(FORGETFUL);
  while (keptTalks().length > MOST_TALKS - 1 && drawer.getItem(ENTRY + id) === null && makeRoom(id)) word(FULL);
  for (;;) {
    try {
      drawer.setItem(ENTRY + id, JSON.stringify(entry));
      return;
    } catch {
      if (!makeRoom(id)) { word(FORGETFUL); return; }
      word(FULL);
    }
  }
}

function makeRoom(but) {
  const others = keptTalks().filter((id) => id !== but).map((id) => [keptTalk(id)?.at ?? 0, id]).sort(([one], [other]) => one - other);
  if (!others.length) return false;
  drawer.removeItem(ENTRY + others[0][1]);
  return true;
}

// The conversation that this browser had last, or has from now on.
function lastTalk(id) {
  const place = `qa last talk ${part("scope").dataset.scope}`;
  try { if (id) drawer.setItem(place, id); } catch { /* the next visit begins with a new one then */ }
  return drawer.getItem(place);
}

// A word on what happened to conversations, until it is read or the next question is asked.
function word(text) {
  const place = part("word");
  place.hidden = !text;
  if (text) place.querySelector("span").textContent = text;
}

Object.assign(acts, { "word-read": () => { word(""); document.querySelector("#question textarea").focus(); } });
