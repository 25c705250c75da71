"use strict";
const cards = [...document.querySelectorAll(".card")];
const said = document.querySelector(".said");
let at = Math.max(0, cards.findIndex((card) => !card.dataset.level));

function show(place) {
  cards[at].classList.remove("now");
  at = Math.min(Math.max(place, 0), cards.length - 1);
  cards[at].classList.add("now");
  cards[at].scrollIntoView({ block: "nearest" });
}

const words = document.body.dataset;
function worded(text, said) {
  return text.replace(/{(\w+)}/g, (_, name) => said[name]);
}

function tell(text, bad) {
  said.textContent = text;
  said.toggleAttribute("data-bad", bad);
}

// One after the other, so that the last one given is the one that stays.
let queue = Promise.resolve();
let unsaved = 0;
function save(card, level) {
  unsaved += 1;
  queue = queue.then(() => send(card, level)).finally(() => (unsaved -= 1));
  return queue;
}

window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

async function send(card, level) {
  const body = {
    question: document.body.dataset.question,
    student: card.dataset.student,
    of: card.dataset.of,
    level: level === "" ? null : Number(level),
    comment: card.querySelector("textarea").value,
    was_level: card.dataset.level,
    was_comment: card.dataset.comment,
  };
  try {
    const answer = await fetch("/give", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const now = await answer.json();
    card.dataset.level = level;
    card.dataset.comment = now.comment;
    for (const button of card.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.value === level));
    card.querySelector(".other").textContent = now.other
      ? worded(words.other, { level: now.other })
      : "";
    card.removeAttribute("data-lost");
    tell(worded(words.saved, now), false);
  } catch (error) {
    // It stays on the card, whatever is saved next.
    const why = worded(words.lost, { why: error.message });
    card.toggleAttribute("data-lost", true);
    card.querySelector(".other").textContent = why;
    tell(why, true);
  }
}

function waiting() {
  const order = [...cards.keys()].map((step) => (at + 1 + step) % cards.length);
  const next = order.find((place) => !cards[place].dataset.level);
  if (next !== undefined) show(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.tagName === "TEXTAREA";
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const card = cards[at];
  if (/^[0-3]$/.test(event.key)) {
    save(card, event.key);
    show(at + 1);
  } else if (event.key === "Backspace") save(card, "");
  else if (event.key === "ArrowDown") show(at + 1);
  else if (event.key === "ArrowUp") show(at - 1);
  else if (event.key === "n") waiting();
  else if (event.key === "c") card.querySelector("textarea").focus();
  else return;
  event.preventDefault();
});

cards.forEach((card, place) => {
  card.addEventListener("focusin", () => show(place));
  card.querySelector("textarea").addEventListener("change", () => save(card, card.dataset.level));
  for (const button of card.querySelectorAll("button"))
    button.addEventListener("click", () => save(card, button.value));
});

show(at);
