// The list of conversations: one is opened, named anew, exported or deleted.

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

const talkRow = (button) => button.closest("li");

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
  const id = talkRow(input).dataset.talk;
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
    if (talkRow(button).dataset.talk !== talk) turnTo(talkRow(button).dataset.talk);
    if (NARROW.matches) view("talk");
    document.querySelector("#question textarea").focus();
  },
  forget: (button) => ask_to_forget(talkRow(button), true),
  "keep-talk": (button) => ask_to_forget(talkRow(button), false),
  forgetting: (button) => forget(talkRow(button)),
  rename: (button) => {
    const input = talkRow(button).querySelector(".naming");
    input.hidden = false;
    input.focus();
    input.select();
  },
  export: exported,
});
