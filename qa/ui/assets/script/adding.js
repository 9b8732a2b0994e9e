// Adding: one thing after the other, each with a line that says how far it is, and a sum over all.
//
// A job is {name, work, again}: `work(say)` may say how far it is and resolves to {state, html} or {state, reason},
// where the state is "added", "there" (nothing new) or "failed"; `again`, if there is one, lets the user mend what failed.

const MANY = 12; // jobs that come together, from which on only what is under way and what failed has a line
const queue = [];
const nothing = () => ({ all: 0, added: 0, there: 0, failed: 0, left: 0, cancelled: 0 });
let sum = nothing(), sending = false;

// `left`: files that were not even taken, because qa does not read their kind.
function addAll(jobs, left = 0) {
  if (!jobs.length && !left) return;
  shelf(true);
  part("uploads").hidden = false;
  sum.all += jobs.length;
  sum.left += left;
  for (const job of jobs) {
    job.quiet = jobs.length > MANY;
    if (!job.quiet) line(rowOf(job), job.name, "waiting");
    queue.push(job);
  }
  summed();
  if (!sending) send();
}

async function send() {
  sending = true;
  for (let job = queue.shift(); job; job = queue.shift()) {
    const row = rowOf(job);
    summed();
    const say = (state) => line(row, job.name, state, "doing");
    say("waiting");
    const end = await job.work(say).catch(() => ({ state: "failed", reason: "something went wrong in this page: reload it" }));
    sum[end.state] += 1;
    ended(job, row, end);
    look();
  }
  if (sum.all) await call("refresh", {});
  sending = queue.length > 0;
  if (sending) return send(); // something came during the last call
  summed();
  part("live").textContent = part("sum").textContent;
  look();
}

function ended(job, row, { state, html, reason }) {
  if (job.quiet && state !== "failed") { row.remove(); return; }
  if (html === undefined) line(row, job.name, reason, "failed");
  else {
    row.innerHTML = html;
    row.className = state === "failed" ? "failed" : "added";
  }
  if (state !== "failed" || !job.again) return;
  const mend = document.createElement("button");
  Object.assign(mend, { type: "button", className: "quiet", textContent: "Edit and try again" });
  mend.addEventListener("click", () => { row.remove(); job.again(); });
  row.append(mend);
}

function rowOf(job) {
  if (job.row) return job.row;
  job.row = document.createElement("li");
  part("added")[job.quiet ? "prepend" : "append"](job.row);
  return job.row;
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

// What became of all of them so far, in a line.
function summed() {
  const number = (one) => sum[one].toLocaleString("en");
  const done = sum.added + sum.there + sum.failed + sum.cancelled;
  const words = { added: "added", there: "already there", failed: "failed", left: "left out (not of a kind that qa reads)", cancelled: "cancelled" };
  const parts = Object.keys(words).filter((one) => sum[one]).map((one) => `${number(one)} ${words[one]}`);
  const head = sending ? `${done.toLocaleString("en")} of ${number("all")}` : "Done";
  part("sum").textContent = parts.length ? `${head}: ${parts.join(", ")}` : head;
  part("sum").hidden = sum.all === 1 && !sum.left;
  part("far").hidden = !sending || sum.all < 2;
  Object.assign(part("far"), { max: Math.max(1, sum.all), value: done });
  document.querySelector("[data-act=cancel]").hidden = !queue.length;
  document.querySelector("[data-act=clear]").hidden = sending;
}

window.addEventListener("beforeunload", (event) => sending && event.preventDefault());

Object.assign(acts, {
  cancel: () => {
    for (const { row } of queue) row?.remove();
    sum.cancelled += queue.length;
    queue.length = 0;
    summed();
    part("uploads").focus({ preventScroll: true });
  },
  clear: () => {
    sum = nothing();
    part("added").replaceChildren();
    part("uploads").hidden = true;
    document.querySelector("[data-act=choose]").focus();
  },
});
