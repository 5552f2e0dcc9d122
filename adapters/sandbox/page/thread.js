// The open chat: its messages in order, drawn anew only where something changed.

import { messageElement } from "./card.js";
import { call } from "./net.js";
import { find, h, icon } from "./dom.js";
import { chatById, me, store, sync } from "./store.js";
import { dayKey, dayName, minutes } from "./times.js";
import { t } from "./words.js";

const NEAR = 120;
const TOGETHER_MINUTES = 5;
let place = "";
let ended = true; // whether the reader is at the end and wants to stay there

export function drawThread() {
  drawHead();
  const log = find("log");
  const here = `${store.person}/${store.chat}/${document.documentElement.lang}`;
  const isNew = here !== place;
  if (isNew) { log.replaceChildren(); place = here; ended = true; }
  log.setAttribute("aria-label", t("log"));
  log.setAttribute("aria-busy", String(isNew));
  const grew = reconcile(log);
  if (ended) toEnd(isNew);
  else if (grew) find("jump").hidden = false;
  // A whole chat is not news: only what comes after it is read out.
  if (isNew) requestAnimationFrame(() => log.setAttribute("aria-busy", "false"));
}

export function watchScroll() {
  const scroll = find("scroll");
  let last = { top: 0, height: 0 };
  scroll.addEventListener("scroll", () => {
    const { scrollTop: top, scrollHeight: height } = scroll;
    const gap = height - top - scroll.clientHeight;
    // Only who moves up leaves the end; a picture that arrives moves the end away from the reader.
    if (gap < 4) ended = true;
    else if (top < last.top && height === last.height) ended = false;
    last = { top, height };
    if (gap < NEAR) find("jump").hidden = true;
  });
  find("jump").addEventListener("click", () => toEnd(false));
  // A picture arrives, the keyboard opens, the tour appears: who read the end goes on seeing it.
  const keep = new ResizeObserver(() => { if (ended) toEnd(true); });
  keep.observe(scroll);
  keep.observe(find("log"));
}

function toEnd(atOnce) {
  const scroll = find("scroll");
  ended = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: atOnce || calm ? "instant" : "smooth" });
  find("jump").hidden = true;
}

/** Puts the wanted elements into the log, keeping those that still say the same; true when it grew. */
function reconcile(log) {
  const before = new Map([...log.children].map((element) => [element.dataset.key, element]));
  const wanted = items();
  let at = null;
  for (const { key, stamp, make } of wanted) {
    let element = before.get(key);
    if (!element || element.dataset.stamp !== stamp) element = renewed(element, key, stamp, make);
    before.delete(key);
    const next = at ? at.nextSibling : log.firstChild;
    if (next !== element) log.insertBefore(element, next);
    at = element;
  }
  before.forEach((element) => element.remove());
  return wanted.length > 0 && !wanted.every(({ fresh }) => !fresh);
}

function renewed(old, key, stamp, make) {
  const element = make();
  element.dataset.key = key;
  element.dataset.stamp = stamp;
  if (!old) return element;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(element);
  element.classList.add("changed");
  if (focused) (element.querySelector(`[data-button="${CSS.escape(focused.dataset.button ?? "")}"]:enabled`) ?? element).focus();
  return element;
}

function items() {
  const messages = [...store.messages.values()].sort((a, b) => a.seq - b.seq);
  if (!messages.length) return store.loaded || !store.chat ? [{ key: "empty", stamp: "empty", make: emptyElement }] : [];
  const wanted = [];
  let last = null;
  for (const message of messages) {
    if (!last || dayKey(last.posted_at) !== dayKey(message.posted_at)) {
      const today = dayKey(message.posted_at) === dayKey(store.now);
      wanted.push({ key: `day-${dayKey(message.posted_at)}`, stamp: String(today), make: () => dayElement(message.posted_at, today) });
    }
    const follows = Boolean(last) && isTogether(last, message);
    const fresh = !document.querySelector(`[data-id="${message.id}"]`);
    wanted.push({ key: message.id, stamp: `${message.revision}${follows}`, fresh, make: () => messageElement(message, follows) });
    last = message;
  }
  return wanted;
}

function isTogether(before, after) {
  return before.author === after.author && !before.visible_to === !after.visible_to && before.posted_at.slice(0, 10) === after.posted_at.slice(0, 10)
    && minutes(after.posted_at) - minutes(before.posted_at) < TOGETHER_MINUTES;
}

function dayElement(iso, today) {
  return h("div", { class: "day", role: "separator" }, h("span", {}, today ? `${t("today")} · ${dayName(iso)}` : dayName(iso)));
}

function emptyElement() {
  const direct = store.chat?.startsWith("dm:");
  return h("div", { class: "empty" }, h("img", { src: "/page/mark.svg", alt: "", width: "56", height: "56" }),
    h("h3", {}, t("empty.title")), h("p", {}, store.chat ? t(direct ? "empty.direct" : "empty.group") : t("empty.none", { name: me()?.name ?? "" })));
}

// --- above the messages ---

function drawHead() {
  const chat = chatById(store.chat);
  const head = find("chat-head");
  if (!chat) return head.replaceChildren();
  const direct = chat.kind === "direct";
  const names = chat.members.map((id) => store.people.find((person) => person.id === id)?.name ?? id).join(store.language === "en" ? ", " : "、");
  head.replaceChildren(
    h("div", { class: "chat-title" },
      h("h1", {}, direct ? t("bot") : chat.name),
      h("p", { title: direct ? null : names }, direct ? t("direct.with", { name: me().name }) : h("span", {}, t("members", { count: chat.members.length }), h("span", { class: "names" }, ` · ${names}`)))),
    ...(direct ? [blockButton()] : []),
  );
}

function blockButton() {
  const person = me();
  const block = async () => { await call(`/api/people/${encodeURIComponent(person.id)}`, { blocked: !person.blocked }); await sync(); };
  return h("div", { class: "block" }, person.blocked ? h("span", { class: "blocked" }, t("blocked.note", { name: person.name })) : null,
    h("button", { type: "button", class: "ghost quiet", onclick: block }, t(person.blocked ? "unblock" : "block")));
}

export function drawJump() {
  find("jump").replaceChildren(icon("down"), t("jump"));
}
