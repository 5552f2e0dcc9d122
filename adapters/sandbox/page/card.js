// One message as an element: a bubble for people, a card for the bot.

import { press } from "./actions.js";
import { avatar, h, icon } from "./dom.js";
import { aboutPerson, personById, store } from "./store.js";
import { hourMinute } from "./times.js";
import { t } from "./words.js";

/** `follows`: the message before it is by the same author just now, so the head is left out. */
export function messageElement(message, follows) {
  const own = message.author === store.person;
  const bot = message.author === "bot";
  const author = personById(message.author);
  const name = bot ? t("bot") : author?.name ?? message.author;
  const classes = ["message", own && "own", bot && "bot", follows && "follows", message.visible_to && "private", mentionsMe(message) && "for-me"];
  return h("article", { class: classes.filter(Boolean).join(" "), tabindex: "-1", "data-id": message.id, "data-revision": message.revision, "aria-label": `${name} ${hourMinute(message.posted_at)}` },
    h("div", { class: "face" }, follows || own ? null : avatar(bot ? null : author)),
    h("div", { class: "stack" },
      follows ? null : head(message, name, bot ? t("bot.about") : author && aboutPerson(author), own),
      message.visible_to ? h("p", { class: "only-you" }, icon("lock"), t("private")) : null,
      message.card ? cardElement(message) : h("div", { class: "bubble pre" }, marked(message.text)),
      message.edited_at ? h("p", { class: "edited" }, t("edited", { time: hourMinute(message.edited_at) })) : null));
}

const mentionsMe = (message) => message.mentions.includes(store.person);

function head(message, name, about, own) {
  return h("p", { class: "head" }, own ? null : h("b", {}, name), own || !about ? null : h("span", { class: "about" }, about),
    h("time", { datetime: message.posted_at }, hourMinute(message.posted_at)));
}

// --- cards ---

function cardElement(message) {
  const card = message.card;
  const tone = ["info", "success", "warning", "danger"].includes(card.tone) ? card.tone : "info";
  return h("section", { class: `card ${tone}`, "aria-label": card.title },
    h("header", {}, h("h3", {}, card.title), h("span", { class: "tone" }, icon(tone), t(`tone.${tone}`))),
    lines(card).map((line) => h("p", { class: "line pre" }, line)),
    card.fields.length ? h("dl", {}, card.fields.map((field, at) => fact(field, card.rich?.fields?.[at]))) : null,
    card.image ? picture(card.image) : null,
    card.buttons.length ? h("div", { class: "buttons" }, card.buttons.map((button) => buttonElement(message, button))) : null);
}

function lines(card) {
  if (card.rich) return card.rich.body.map(spans);
  return card.body ? [card.body] : [];
}

function fact(field, rich) {
  const value = rich ? spans(rich) : field.value;
  return h("div", { class: field.value.length > 22 ? "fact wide" : "fact" }, h("dt", {}, field.label), h("dd", { class: "pre" }, value));
}

function spans(line) {
  return line.map((span) => {
    if (span.kind === "bold") return h("b", {}, span.text);
    if (span.kind === "person") return mention(span.text, span.person === store.person);
    if (span.kind === "link" && span.href) return h("a", { href: span.href, target: "_blank", rel: "noopener noreferrer" }, span.text);
    return span.text;
  });
}

function picture({ url, alt }) {
  return h("a", { class: "picture", href: url, target: "_blank", rel: "noopener", "aria-label": t("image.open", { alt }) }, h("img", { src: url, alt, loading: "lazy" }));
}

function buttonElement(message, button) {
  const style = ["primary", "danger"].includes(button.style) ? button.style : "";
  return h("button", {
    type: "button", class: `button ${style}`, disabled: !button.enabled, title: button.twin || null,
    "aria-label": button.description || null, "data-button": `${message.id}/${button.id}`,
    onclick: (event) => pressed(event.currentTarget, message, button),
  }, button.label);
}

/** While the bot works no button of the card can be pressed; afterwards those that stand on it then. */
async function pressed(element, message, button) {
  const all = [...element.parentElement.children].filter((one) => !one.disabled);
  all.forEach((one) => one.setAttribute("aria-disabled", "true"));
  if (element.dataset.busy) return;
  element.dataset.busy = "yes";
  await press(message, button);
  delete element.dataset.busy;
  all.forEach((one) => one.removeAttribute("aria-disabled"));
}

// --- what people typed ---

/** Plain text with the mentions in it made visible. */
function marked(text) {
  const names = [...store.people.map((person) => person.name), ...store.people.map((person) => person.department), "接口人", "Liaison", "bot"];
  const known = [...new Set(names.filter(Boolean))].sort((a, b) => b.length - a.length).map(escaped).join("|");
  return text.split(new RegExp(`([@＠](?:${known}))`, "i")).map((part, at) => (at % 2 ? mention(part, part.slice(1) === personById(store.person)?.name) : part));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const mention = (text, isMe) => h("span", { class: isMe ? "mention mine" : "mention" }, text);
