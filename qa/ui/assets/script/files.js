// Files: sent one by one, each with a line that says how far it is.

const queue = [];
let sending = false;

function addFiles(files) {
  if (!files.length) return;
  shelf(true);
  const uploads = part("uploads");
  uploads.hidden = false;
  for (const file of files) {
    const row = document.createElement("li");
    line(row, file.name, "waiting");
    uploads.querySelector("ul").append(row);
    queue.push({ file, row });
  }
  if (!sending) send();
}

async function send() {
  sending = true;
  const largest = Number(part("files").dataset.largest);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { file, row } = next;
    if (file.size > largest * 1024 * 1024) {
      line(row, file.name, `it is larger than ${largest} MB`, "failed");
      continue;
    }
    line(row, file.name, "sending…", "doing");
    const sent = await upload(file).catch(() => null);
    if (!sent || !sent.path) {
      line(row, file.name, "it could not be sent: is the file still there, and qa still running?", "failed");
      continue;
    }
    const wait = body.classList.contains("working") ? "waiting for the indexing to finish…" : "being read and indexed…";
    line(row, file.name, wait, "doing");
    const answer = await call("add", { path: sent.path, name: file.name });
    if (answer.html === undefined) line(row, file.name, answer.error || "the server did not answer", "failed");
    else {
      row.innerHTML = answer.html;
      row.className = answer.failed ? "failed" : "added";
    }
    look();
  }
  sending = false;
}

function line(row, name, state, kind = "") {
  const what = document.createElement("span"), how = document.createElement("span");
  what.className = "name";
  what.dir = "auto";
  what.textContent = name;
  how.className = kind === "failed" ? "reason" : "state";
  how.textContent = state;
  row.className = kind;
  row.replaceChildren(what, how);
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
  addFiles([...event.dataTransfer.files]);
}, true);

Object.assign(acts, {
  choose: () => part("files").click(),
  clear: () => {
    part("uploads").querySelectorAll("li.added, li.failed").forEach((row) => row.remove());
    part("uploads").hidden = !part("uploads").querySelector("li");
  },
});
