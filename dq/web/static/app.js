// What a page can do beyond forms and links: keys, decisions without a reload, progress. Every page works without it.
"use strict";

// ---- keys: a button with data-key="s" is pressed by the key S -------------------------------------------------------
const isTyping = (place) => place instanceof Element && place.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (!/^[a-z0-9?]$/.test(key)) return;
  const button = document.querySelector(`[data-key="${key}"]:not([disabled])`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// ---- decisions: the next question stands ready in <template data-ahead>, and is shown before the answer is back ----
let shownAt = performance.now();
let sending = Promise.resolve();

const say = (text) => {
  const place = document.querySelector("[data-said]");
  if (place) place.textContent = text;
};

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

const show = (fresh) => {
  const place = document.querySelector("[data-question]");
  place.replaceWith(fresh);
  fresh.classList.add("arrives");
  shownAt = performance.now();
  const start = fresh.querySelector("[data-start]");
  if (start) start.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
};

const takeAhead = () => {
  const template = document.querySelector("template[data-ahead]");
  const fresh = template && template.content.querySelector("[data-question]");
  if (template) template.remove();
  return fresh ? document.importNode(fresh, true) : null;
};

const putAhead = (page) => {
  const template = page.querySelector("template[data-ahead]");
  if (template) document.querySelector("[data-review]").append(document.importNode(template, true));
};

// data-live: small numbers outside the question (how many are left) that the answer brings up to date.
const refreshLive = (page) => {
  for (const place of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${place.dataset.live}"]`);
    if (fresh) place.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
};

const send = async (form, body, hasMoved) => {
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "question" }, credentials: "same-origin" });
  if (answer.status === 401 || answer.redirected) return window.location.reload();
  const page = parse(await answer.text());
  if (!answer.ok) {
    const told = page.querySelector("main p");
    window.sessionStorage.setItem("told", told ? told.textContent : "That was not saved.");
    return window.location.reload();
  }
  refreshLive(page);
  const fresh = page.querySelector("[data-question]");
  const current = document.querySelector("[data-question]");
  if (fresh && (!hasMoved || current.dataset.question !== fresh.dataset.question)) {
    // What stood ready is not what comes next any more (a colleague was quicker): the answer is right.
    show(document.importNode(fresh, true));
  }
  takeAhead();
  putAhead(page);
  say(page.querySelector("[data-said]")?.textContent ?? "");
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-decides]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  body.set("seconds", ((performance.now() - shownAt) / 1000).toFixed(1));
  const ahead = form.dataset.decides === "on" ? takeAhead() : null;
  if (ahead) show(ahead);
  else for (const button of form.querySelectorAll("button")) button.disabled = true;
  // One after the other: the order of decisions is the order of the keys.
  sending = sending.then(() => send(form, body, Boolean(ahead))).catch(() => {
    window.sessionStorage.setItem("told", "The server could not be reached. Your last decision may not be saved.");
    window.location.reload();
  });
});

const told = window.sessionStorage.getItem("told");
if (told) {
  window.sessionStorage.removeItem("told");
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  notice.append(Object.assign(document.createElement("p"), { textContent: told }));
  document.querySelector("main")?.prepend(notice);
}

// ---- progress: a part with data-refresh="5" is fetched again every five seconds -------------------------------------
for (const part of document.querySelectorAll("[data-refresh]")) {
  const again = async () => {
    const answer = await fetch(window.location.href, { headers: { "X-Part": part.id }, credentials: "same-origin" });
    const fresh = answer.ok && parse(await answer.text()).getElementById(part.id);
    if (fresh) part.replaceChildren(...document.importNode(fresh, true).childNodes);
    if (fresh && fresh.dataset.refresh) window.setTimeout(again, Number(part.dataset.refresh) * 1000);
  };
  window.setTimeout(again, Number(part.dataset.refresh) * 1000);
}
