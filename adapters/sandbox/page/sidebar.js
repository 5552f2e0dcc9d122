// The left column: who acts, who else has news, and the chats of who acts.

import { avatar, badge, find, h, icon } from "./dom.js";
import { aboutPerson, go, me, myChats, store } from "./store.js";
import { t } from "./words.js";

let open = false;

export function drawSidebar() {
  const side = find("side");
  const focused = side.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  side.setAttribute("aria-label", t("side"));
  side.replaceChildren(actingElement(), peopleElement(), waitingElement(), chatsElement("groups", "group"), chatsElement("direct", "direct"));
  if (focused) side.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// --- who acts ---

function actingElement() {
  const person = me();
  if (!person) return h("p", {});
  return h("div", { class: "acting" }, h("p", { class: "caption", "aria-hidden": "true" }, t("acting")),
    h("button", {
      type: "button", class: "me", "data-focus": "me", "aria-expanded": String(open), "aria-controls": "people",
      "aria-label": t("acting.switch", { name: person.name, about: aboutPerson(person) }), onclick: () => toggle(!open),
    }, avatar(person, "big"), nameAndRole(person), icon("chevron")));
}

function nameAndRole(person) {
  return h("span", { class: "who" }, h("b", {}, person.name), h("span", {}, aboutPerson(person)));
}

function toggle(value, focus = true) {
  open = value;
  drawSidebar();
  if (!focus) return;
  if (open) document.querySelector("#people [aria-current]")?.focus();
  else document.querySelector(".me")?.focus();
}

function peopleElement() {
  return h("ul", { class: "people", id: "people", hidden: !open, "aria-label": t("people"), onkeydown: walk }, store.people.map((person) =>
    h("li", {}, h("button", {
      type: "button", class: "person", "data-focus": `person-${person.id}`, "data-person": person.id,
      "aria-current": person.id === store.person ? "true" : null, onclick: () => become(person.id),
    }, avatar(person), nameAndRole(person), newsBadge(person.id)))));
}

function walk(event) {
  if (event.key === "Escape") { event.stopPropagation(); toggle(false); return; }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll("button")];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
}

/** Acting as somebody opens what waits for them: what the bot asks in private, then where they are mentioned. */
export function become(id) {
  open = false;
  const weight = ([chat, { mentions, count }]) => (mentions ? (chat.startsWith("dm:") ? 2e6 : 1e6) : 0) + count;
  const news = Object.entries(store.unread[id] ?? {}).sort((a, b) => weight(b) - weight(a));
  const stays = store.chats.find((chat) => chat.id === store.chat)?.members.includes(id);
  return go(id, news[0]?.[0] ?? (stays ? store.chat : null));
}

function newsBadge(id) {
  const news = Object.values(store.unread[id] ?? {});
  const sum = (name) => news.reduce((total, one) => total + one[name], 0);
  return unreadBadge({ count: sum("count"), mentions: sum("mentions") });
}

function unreadBadge({ count, mentions }) {
  return badge(count, t(mentions ? "unread.mention" : "unread", { count }), mentions > 0);
}

// --- who else has news ---

function waitingElement() {
  const mentions = (id) => Object.values(store.unread[id] ?? {}).reduce((total, one) => total + one.mentions, 0);
  const count = (id) => Object.values(store.unread[id] ?? {}).reduce((total, one) => total + one.count, 0);
  const waiting = store.people.filter((person) => person.id !== store.person && count(person.id))
    .sort((a, b) => mentions(b.id) - mentions(a.id) || count(b.id) - count(a.id)).slice(0, 6);
  if (!waiting.length) return h("div", { class: "waiting", hidden: true });
  return h("div", { class: "waiting" }, h("p", { class: "caption", id: "waiting" }, t("waiting")),
    h("ul", { "aria-labelledby": "waiting" }, waiting.map((person) => h("li", {}, h("button", {
      type: "button", title: `${person.name} · ${aboutPerson(person)}`, "data-focus": `waiting-${person.id}`, "data-waiting": person.id,
      "aria-label": `${person.name}`, onclick: () => become(person.id),
    }, avatar(person), newsBadge(person.id), h("span", { class: "under", "aria-hidden": "true" }, person.name))))));
}

// --- chats ---

function chatsElement(title, kind) {
  const chats = myChats().filter((chat) => (chat.kind === "direct") === (kind === "direct"));
  if (!chats.length) return h("div", { hidden: true });
  return h("section", { class: "chats", "aria-labelledby": `chats-${kind}` }, h("h2", { class: "caption", id: `chats-${kind}` }, t(title)),
    h("ul", {}, chats.map((chat) => h("li", {}, chatButton(chat)))));
}

function chatButton(chat) {
  const direct = chat.kind === "direct";
  const news = store.unread[store.person]?.[chat.id] ?? { count: 0, mentions: 0 };
  return h("button", {
    type: "button", class: news.count ? "place news" : "place", "data-focus": `chat-${chat.id}`, "data-chat": chat.id,
    "aria-current": chat.id === store.chat ? "page" : null, onclick: () => go(store.person, chat.id),
  }, direct ? avatar(null) : h("span", { class: "avatar square" }, icon("group")),
  h("span", { class: "name" }, direct ? t("bot") : chat.name), unreadBadge(news));
}

// --- on a phone: a drawer ---

export function watchDrawer() {
  const narrow = matchMedia("(max-width: 860px)");
  const set = (isOpen) => {
    document.body.classList.toggle("drawer", isOpen);
    find("scrim").hidden = !isOpen;
    find("menu").setAttribute("aria-expanded", String(isOpen));
    find("menu").setAttribute("aria-label", t(isOpen ? "menu.close" : "menu.open"));
    find("chat").inert = isOpen;
    find("side").inert = narrow.matches && !isOpen;
  };
  find("menu").replaceChildren(icon("menu"));
  find("menu").addEventListener("click", () => {
    set(!document.body.classList.contains("drawer"));
    if (document.body.classList.contains("drawer")) document.querySelector(".me")?.focus();
  });
  find("scrim").addEventListener("click", () => set(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.classList.contains("drawer")) return;
    set(false);
    find("menu").focus();
  });
  narrow.addEventListener("change", () => set(false));
  document.addEventListener("click", (event) => {
    if (open && !event.target.closest?.(".acting, .people") && event.target.isConnected) toggle(false, false);
  });
  set(false);
  return () => set(false);
}

