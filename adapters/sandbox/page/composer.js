// The message box: Enter sends, "/" and "@" offer what can be typed.

import { say } from "./actions.js";
import { find, h, icon } from "./dom.js";
import { chatById, store } from "./store.js";
import { t } from "./words.js";

const SHOWN = 8;
let box, list, count, sendButton, options = [], active = -1, queue = Promise.resolve();

export function buildComposer() {
  box = h("textarea", { id: "words", rows: "1", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": "completion", oninput: typed, onkeydown: key, onblur: () => setTimeout(close, 150), onclick: offer });
  list = h("ul", { class: "completion", id: "completion", role: "listbox", hidden: true });
  count = h("span", { class: "sr", role: "status" });
  sendButton = h("button", { type: "submit", class: "send" }, icon("send"));
  const slash = h("button", { type: "button", class: "slash", id: "slash", onclick: startCommand }, icon("slash"));
  const form = find("composer");
  form.append(list, count, h("div", { class: "box" }, slash, box, sendButton), h("p", { class: "keys", id: "keys" }));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
}

export function drawComposer() {
  const chat = chatById(store.chat);
  const words = chat?.kind === "direct" ? t("composer.direct") : t("composer.group", { name: chat?.name ?? "" });
  box.placeholder = words;
  box.disabled = !chat;
  box.setAttribute("aria-label", t("composer"));
  box.setAttribute("aria-describedby", "keys");
  sendButton.setAttribute("aria-label", t("composer.send"));
  find("slash").setAttribute("aria-label", t("composer.commands"));
  find("slash").title = t("composer.commands");
  list.setAttribute("aria-label", t("completion"));
  find("keys").textContent = t("composer.keys");
}

/** Puts words into the box and sends them, as if typed; gives the bot's answer. */
export function sayForMe(text) {
  box.value = text;
  grow();
  return send();
}

/** One after the other, in the order typed; what could not be sent comes back into the box. */
function send() {
  const text = box.value.trim();
  close();
  if (!text) return queue;
  const place = { chat: store.chat, person: store.person };
  box.value = "";
  grow();
  queue = queue.then(() => say(text, place)).then((answer) => {
    if (!answer && !box.value) { box.value = text; grow(); }
    return answer;
  });
  return queue;
}

function startCommand() {
  if (!box.value.startsWith("/")) box.value = `/${box.value}`;
  box.focus();
  typed();
}

function typed() {
  grow();
  offer();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

// --- what can be typed ---

function offer() {
  options = candidates(box.value.slice(0, box.selectionStart), box.value).slice(0, SHOWN);
  active = -1;
  drawOptions();
}

function candidates(before, whole) {
  const mention = /(?:^|\s)[@＠](\S*)$/.exec(before);
  if (mention) return mentions(mention[1]);
  if (!/^[/／][^\n]*$/.test(whole) || before !== whole) return [];
  const typedText = whole.replace(/^／/, "/").toLowerCase();
  const word = typedText.slice(1).trim();
  return store.hints.filter(({ insert, label, help }) => {
    if (insert.trim().toLowerCase() === typedText.trim()) return false;
    return insert.toLowerCase().startsWith(typedText) || (word && !word.includes(" ") && `${label} ${help}`.toLowerCase().includes(word));
  }).map((hint) => ({ ...hint, replace: whole.length }));
}

function mentions(typedText) {
  const members = new Set(chatById(store.chat)?.members ?? []);
  const departments = [...new Set(store.people.map((person) => person.department).filter(Boolean))];
  const names = [
    { name: t("bot"), help: t("bot.about") },
    ...departments.map((name) => ({ name, help: "" })),
    ...store.people.filter((person) => members.has(person.id) || members.size < 2).map((person) => ({ name: person.name, help: person.department })),
  ];
  const wanted = typedText.toLowerCase();
  return names.filter(({ name }) => name.toLowerCase().includes(wanted) && name.toLowerCase() !== wanted)
    .map(({ name, help }) => ({ insert: `@${name} `, label: `@${name}`, help, replace: typedText.length + 1 }));
}

function drawOptions() {
  list.hidden = options.length === 0;
  list.replaceChildren(...options.map((option, at) => h("li", {
    role: "option", id: `option-${at}`, "aria-selected": String(at === active),
    onmousedown: (event) => { event.preventDefault(); take(at); },
  }, h("b", {}, option.label), h("span", {}, option.help))));
  if (active >= 0) {
    box.setAttribute("aria-activedescendant", `option-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
    count.textContent = options.length ? t("completion.count", { count: options.length }) : "";
  }
}

function take(at) {
  const { insert, replace } = options[at];
  const caret = box.selectionStart;
  const start = box.value.slice(0, caret - replace);
  box.value = start + insert + box.value.slice(caret).replace(/^\s/, "");
  box.setSelectionRange(start.length + insert.length, start.length + insert.length);
  close();
  typed();
  box.focus();
}

function close() {
  options = [];
  active = -1;
  drawOptions();
}

function key(event) {
  // Enter also ends the choice of a Chinese word in an input method: that must not send.
  if (event.isComposing || event.keyCode === 229) return;
  if (options.length && moveInOptions(event)) return event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

function moveInOptions(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    active = active < 0 ? (step > 0 ? 0 : options.length - 1) : (active + step + options.length) % options.length;
    drawOptions();
    return true;
  }
  if (event.key === "Escape") { close(); event.stopPropagation(); return true; }
  if (event.key === "Tab" && !event.shiftKey) { take(Math.max(active, 0)); return true; }
  if (event.key === "Enter" && active >= 0) { take(active); return true; }
  return false;
}
