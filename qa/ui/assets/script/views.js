// What happens in the browser. First of the files of this folder, which are put together in the order of page.py:
// what all of them use, and the views.
//
// This is the body of a function; Gradio runs it once the bar is on the page and gives it
//   trigger(name, data)   raise an event of the bar: "ask" a question, or "judge" an answer
//   server.NAME(data)     call a function of calls.py, resolves to what it returns
//   upload(file)          send a File, resolves to {path}
// It knows nothing of answering. All HTML that it inserts was made, and escaped, by qa/ui/render; text that it
// writes itself goes through textContent.

if (window.qaPage) return;
window.qaPage = true;

const BUSY = 600, IDLE = 4000, LOST = 3000; // ms between two looks at how things stand
const WIDE = window.matchMedia("(min-width: 1100px)");
const NARROW = window.matchMedia("(max-width: 759px)");
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const body = document.body;
const part = (name) => document.querySelector(`[data-part="${name}"]`);

const acts = {}; // what buttons do, by their data-act; each file adds its own

// On a narrow screen one of the views, else the conversation with the others beside it.

function view(name) {
  body.dataset.view = name;
  for (const button of document.querySelectorAll('[data-act="view"]')) {
    const open = button.dataset.view === "shelf" && !NARROW.matches ? body.dataset.shelf === "open" : button.dataset.view === name;
    button.setAttribute("aria-pressed", String(open));
  }
}

const articleTab = () => document.querySelector('[data-act="view"][data-view="read"]');

// A change that makes the conversation wider or narrower, without what is being read leaving its place.
function hold(change) {
  const said = document.querySelector("#said");
  const top = said.getBoundingClientRect().top;
  const seen = [...said.querySelectorAll(".asked, .reply, .cards li")].find((one) => one.getBoundingClientRect().bottom > top);
  const before = seen && seen.getBoundingClientRect().top;
  change();
  if (seen) said.scrollTop += seen.getBoundingClientRect().top - before;
}

function shelf(open) {
  hold(() => { body.dataset.shelf = open ? "open" : "closed"; });
  view(NARROW.matches && open ? "shelf" : NARROW.matches ? "talk" : body.dataset.view || "talk");
}

Object.assign(acts, {
  view: (button) => {
    const name = button.dataset.view;
    if (name === "shelf" && !NARROW.matches) shelf(body.dataset.shelf !== "open");
    else view(name);
  },
});
