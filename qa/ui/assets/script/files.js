// Files and folders, dropped or chosen: which of them are added, under what names, and the sending of one.

const kinds = () => part("files").dataset.kinds.split(",");
const largest = () => Number(part("files").dataset.largest);
const isRead = (name) => kinds().some((kind) => name.toLowerCase().endsWith(kind));
const isHidden = (path) => path.split("/").slice(1).some((name) => name.startsWith(".") || name.startsWith("~$"));
const notAdded = (reason) => ({ state: "failed", reason });

const POLL = 1000; // ms between two looks at how far a large file is

function fileJob(file, name = file.name) {
  return { name, work: (say) => sendFile(file, name, say) };
}

async function sendFile(file, name, say) {
  if (!isRead(name)) return notAdded("qa does not read files of this kind");
  if (file.size > largest() * 1024 * 1024) return notAdded(`it is larger than ${largest()} MB`);
  say("sending…");
  const sent = await upload(file).catch(() => null);
  if (!sent || !sent.path) return notAdded("it could not be sent: is the file still there, and qa still running?");
  say(body.classList.contains("working") ? "waiting for the indexing to finish…" : "being read and indexed…");
  let over = false;
  const watch = setInterval(async () => {
    const { articles, percent } = await call("progress", { path: sent.path });
    if (articles && !over) say(`${percent}% · ${articles.toLocaleString("en")} ${articles === 1 ? "article" : "articles"} so far`);
  }, POLL);
  const answer = await call("add", { path: sent.path, name });
  over = true;
  clearInterval(watch);
  return answer.state ? answer : notAdded(answer.error || "the server did not answer");
}

function addFiles(files) {
  addAll(files.map((file) => fileJob(file)));
}

// All of a folder that can be read; hidden files are no part of it, others are counted.
function addFolder(files, jobs = []) {
  const seen = files.filter(({ name }) => !isHidden(name));
  const read = seen.filter(({ name }) => isRead(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  addAll([...jobs, ...read.map(({ file, name }) => fileJob(file, name))], seen.length - read.length);
}

// What lies in a dropped folder, to the bottom, as {name, file: a way to get it}; names begin with the folder's.
async function within(folder, failures) {
  const found = [], folders = [folder];
  for (let one = folders.pop(); one; one = folders.pop()) {
    const reader = one.createReader();
    try {
      // It gives a hundred at a time, and at last none.
      for (let some = await entriesOf(reader); some.length; some = await entriesOf(reader)) {
        for (const entry of some) (entry.isDirectory ? folders : found).push(entry);
      }
    } catch {
      failures.push({ name: one.fullPath.slice(1), work: async () => notAdded("this folder cannot be read: add its files themselves") });
    }
  }
  return found;
}

const entriesOf = (reader) => new Promise((done, wrong) => reader.readEntries(done, wrong));
const fileOf = (entry) => new Promise((done, wrong) => entry.file(done, wrong));

function entryJob(entry) {
  const name = entry.fullPath.slice(1);
  return {
    name,
    work: async (say) => {
      const file = await fileOf(entry).catch(() => null);
      return file ? sendFile(file, name, say) : notAdded("it cannot be read: is it still there, and readable for you?");
    },
  };
}

async function addDropped(transfer) {
  // Now, for the browser takes them back as soon as this event is over.
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const dropped = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const folders = dropped.filter(({ entry }) => entry && entry.isDirectory).map(({ entry }) => entry);
  const jobs = dropped.filter(({ entry, file }) => file && !(entry && entry.isDirectory)).map(({ file }) => fileJob(file));
  const found = [];
  for (const folder of folders) found.push(...await within(folder, jobs));
  const seen = found.filter(({ fullPath }) => !isHidden(fullPath.slice(1)));
  const read = seen.filter(({ name }) => isRead(name)).sort((a, b) => (a.fullPath < b.fullPath ? -1 : 1));
  addAll([...jobs, ...read.map(entryJob)], seen.length - read.length);
}

let dragging = 0;
const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

function dragged(event, by) {
  if (!hasFiles(event)) return;
  event.preventDefault();
  dragging = Math.max(0, dragging + by);
  body.classList.toggle("dragging", dragging > 0);
}

document.addEventListener("dragenter", (event) => dragged(event, 1));
document.addEventListener("dragleave", (event) => dragged(event, -1));
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.stopPropagation();
  dragging = 0;
  body.classList.remove("dragging");
  addDropped(event.dataTransfer);
}, true);

document.addEventListener("change", ({ target }) => {
  if (target.dataset.part !== "folder") return;
  addFolder([...target.files].map((file) => ({ file, name: file.webkitRelativePath })));
  target.value = "";
});

Object.assign(acts, {
  choose: () => part("files").click(),
  choosefolder: () => part("folder").click(),
});
