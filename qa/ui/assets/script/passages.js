// Passages that a search brings, listed in the reading pane; each opens there, with a way back to the list.

let finding = { back: null, asked: 0 };

function openPane(shows) {
  hold(() => { body.dataset.reading = "open"; });
  part("reading").dataset.shows = shows;
  if (NARROW.matches) view("read");
  articleTab().disabled = false;
}

function headOf({ place = "", back = false, quote = false, spots = [], at = 0 }) {
  const of = (act) => part("reading").querySelectorAll(`.head [data-act="${act}"]`);
  part("place").textContent = place;
  of("results")[0].hidden = !back;
  of("quote")[0].hidden = !quote;
  for (const button of of("step")) {
    button.hidden = spots.length < 2;
    button.disabled = !spots[at + Number(button.dataset.step)];
  }
}

async function findPassages(words) {
  const asked = ++finding.asked;
  part("counted").textContent = words.trim() ? "Searching…" : "Type what to search for.";
  if (!words.trim()) return;
  const answer = await call("found", { words });
  if (asked !== finding.asked) return; // other words were searched for meanwhile
  part("results").innerHTML = answer.html || "";
  if (answer.html === undefined) part("counted").textContent = answer.error || "The server does not answer.";
  else if (!answer.count) part("counted").textContent = "Nothing was found: try other words.";
  else part("counted").textContent = answer.count === 1 ? "One passage." : `${answer.count} passages, the best first.`;
}

function showPassages() {
  reading.asked++; // an article that is still on its way is not wanted any more
  openPane("passages");
  headOf({});
  part("reading").setAttribute("aria-busy", "false");
}

Object.assign(acts, {
  passages: (button) => {
    finding.back = wayBack(button);
    reading.back = finding.back;
    showPassages();
    part("reading").scrollTop = 0;
    part("words").value = button.dataset.words;
    part("words").focus({ preventScroll: true });
    findPassages(button.dataset.words);
  },
  results: () => {
    showPassages();
    part("results").querySelectorAll(".card")[reading.at]?.focus();
  },
});
