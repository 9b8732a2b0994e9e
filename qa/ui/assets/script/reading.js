// The reading pane: the spots of one answer, and which of them is lit.

let reading = { spots: [], at: 0, article: null, back: null, listed: false, asked: 0 };

function spotOf(card) {
  const number = (name) => Number(card.dataset[name]);
  return {
    article: card.dataset.article,
    start: number("start"), end: number("end"),
    answer_start: number("answerStart"), answer_end: number("answerEnd"),
    cited: card.dataset.number !== undefined,
  };
}

function openCard(card, opener) {
  const results = card.closest("[data-part=results]");
  const cards = [...(results || card.closest(".turn")).querySelectorAll(".card")];
  read(cards.map(spotOf), cards.indexOf(card), results ? finding.back : wayBack(opener), Boolean(results));
}

async function read(spots, at, back, listed = false) {
  Object.assign(reading, { spots, at, back, listed, article: null });
  await lightSpot();
  if (body.dataset.reading === "open") part("reading").focus({ preventScroll: true });
}

async function lightSpot() {
  const { spots, at } = reading;
  const spot = spots[at];
  const asked = ++reading.asked;
  let answered = true;
  const here = spots.filter((one) => one.article === spot.article);
  if (reading.article !== spot.article) {
    const marks = here.filter((one) => one.end > one.start)
      .map(({ start, end, answer_start, answer_end }) => ({ start, end, answer_start, answer_end }));
    part("reading").setAttribute("aria-busy", "true");
    const answer = await call("read", { article: spot.article, marks });
    if (asked !== reading.asked) return; // another was clicked meanwhile
    if (answer.html === undefined) part("page").textContent = answer.error || "The server does not answer.";
    else part("page").innerHTML = answer.html;
    answered = answer.html !== undefined;
    reading.article = answered ? spot.article : null;
    part("reading").scrollTop = 0;
  }
  part("reading").setAttribute("aria-busy", "false");
  openPane("article");
  const word = spot.cited ? "Citation" : "Passage", lit = spot.end > spot.start;
  headOf({ place: lit ? `${word} ${at + 1} of ${spots.length}` : "", back: reading.listed, quote: lit && answered, spots, at });
  light(String(here.indexOf(spot)));
}

function light(place) {
  let first = null;
  for (const mark of part("page").querySelectorAll("mark")) {
    const lit = mark.dataset.marks.split(" ").includes(place);
    mark.classList.toggle("lit", lit);
    if (lit && !first) first = mark;
  }
  if (first) requestAnimationFrame(() => scroll(part("reading"), first, part("reading").clientHeight / 3));
}

// Not scrollIntoView: that would also move the frame, which has no bars to move it back with.
function scroll(box, target, below) {
  const top = box.scrollTop + target.getBoundingClientRect().top - box.getBoundingClientRect().top - below;
  box.scrollTo({ top, behavior: CALM.matches ? "auto" : "smooth" });
}

function step(by) {
  if (!reading.spots[reading.at + by]) return;
  reading.at += by;
  lightSpot();
}

function inView(target) {
  const frame = document.querySelector("#views").getBoundingClientRect(), box = target.getBoundingClientRect();
  return box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom;
}

function close() {
  hold(() => { body.dataset.reading = "closed"; });
  articleTab().disabled = true;
  if (NARROW.matches) view("talk");
  const opener = reading.back && reading.back();
  if (opener && inView(opener)) refocusOn(opener);
  else document.querySelector("#question textarea").focus();
}

Object.assign(acts, {
  cite: (button) => {
    const card = button.closest(".turn").querySelector(`.card[data-number="${button.dataset.number}"]`);
    if (card) openCard(card, button);
  },
  card: (button) => openCard(button, button),
  article: (button) => read([{ article: button.dataset.article, start: 0, end: 0, answer_start: 0, answer_end: 0 }], 0, () => button),
  step: (button) => step(Number(button.dataset.step)),
  close,
});
