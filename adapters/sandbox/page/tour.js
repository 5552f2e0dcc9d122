// The guided tour: an urgent request from being raised to a ruling. Each step waits for the real thing to happen.

import { press } from "./actions.js";
import { advance } from "./clock.js";
import { sayForMe } from "./composer.js";
import { find, h, icon } from "./dom.js";
import { ask } from "./net.js";
import { chatById, go, personById, remember, remembered, store } from "./store.js";
import { t } from "./words.js";

const CAST = { requester: "limin", lead: "zhangwei", chair: "sunzong", group: "newx", leaders: "leadership" };
const at = (person, chat) => store.person === person && store.chat === chat;
const twin = (button) => `${button.twin} ${button.label}`;
const isAck = (words) => /\back\b|知悉/i.test(words);
const DECISIONS = [/\brule\b|裁决/i, /\bassign\b|指派/i, /\bremind\b|催办/i, /./];

/** Where to press to get to a place: the person first, then the chat. */
const way = (person, chat) => (store.person === person ? [`[data-chat="${chat}"]`] : [`#people [data-person="${person}"]`, `[data-waiting="${person}"]`, ".me"]);

const STEPS = [
  { spot: () => way(CAST.requester, CAST.group), done: () => at(CAST.requester, CAST.group), act: () => go(CAST.requester, CAST.group) },
  { spot: () => [".composer .box"], done: () => card(CAST.group, CAST.requester, /^R-/), act: raise },
  { spot: () => way(CAST.lead, `dm:${CAST.lead}`), done: () => at(CAST.lead, `dm:${CAST.lead}`), act: () => go(CAST.lead, `dm:${CAST.lead}`) },
  { spot: () => [`[data-move="two"]`], timed: true, done: () => card(CAST.leaders, CAST.chair, /^E-/), act: () => advance({ advance: "2h" }) },
  { spot: () => way(CAST.chair, CAST.leaders), timed: true, done: () => at(CAST.chair, CAST.leaders), act: () => go(CAST.chair, CAST.leaders) },
  { spot: () => [".card.danger .buttons"], timed: true, done: () => acted((one) => one.kind === "click" && isAck(one.twin + one.label)), act: () => decide([/\back\b|知悉/i]) },
  { spot: () => [".card.danger .buttons"], timed: true, done: () => acted((one) => one.kind === "submit" || !(one.form || isAck(one.twin + one.label))), act: () => decide(DECISIONS, true) },
  { spot: () => way(CAST.requester, CAST.group), timed: true, done: () => at(CAST.requester, CAST.group), act: () => go(CAST.requester, CAST.group) },
];

let step = -1; // -1: not running; STEPS.length: the end
let since = 0; // messages before the tour do not count
let busy = false;

/** Whether the people and groups of the story are there. */
export const canTour = () => Boolean(personById(CAST.requester) && personById(CAST.lead) && personById(CAST.chair) && chatById(CAST.group) && chatById(CAST.leaders));

export async function startTour() {
  const { messages } = await ask("/api/messages");
  since = messages.reduce((last, message) => Math.max(last, message.seq), 0);
  store.acts.length = 0;
  remember("tour", "seen");
  step = 0;
  await watchTour();
  find("tour").focus();
}

export function offerTour() {
  if (canTour() && !remembered("tour")) startTour();
}

/** Looks whether the present step has happened; called after every change. */
export async function watchTour() {
  if (step < 0 || busy) return;
  busy = true;
  try {
    while (step < STEPS.length && (isSkipped(STEPS[step]) || (await STEPS[step].done()))) step += 1;
  } finally {
    busy = false;
  }
  draw();
}

function isSkipped(one) {
  return one.timed && !store.clock.manual;
}

/** Who plays in the story, as they are called in this organisation. */
function names() {
  const [requester, lead, chair] = [CAST.requester, CAST.lead, CAST.chair].map(personById);
  return {
    requester: requester?.name, lead: lead?.name, chair: chair?.name, asking: requester?.department, asked: lead?.department,
    group: chatById(CAST.group)?.name, leaders: chatById(CAST.leaders)?.name,
  };
}

function stop() {
  step = -1;
  draw();
  find("tour-button").focus();
}

// --- what happened, and doing it for the person ---

const acted = (matches) => store.acts.some((one) => one.person === CAST.chair && matches(one));

async function card(chat, person, item) {
  const { messages } = await ask("/api/messages", { chat, person, after: since });
  return messages.find((message) => message.card && item.test(message.card.item ?? message.card.title));
}

async function raise() {
  if (!at(CAST.requester, CAST.group)) await go(CAST.requester, CAST.group);
  await sayForMe(t("tour.2.command", names()));
}

async function decide(wishes, fillIn = false) {
  if (!at(CAST.chair, CAST.leaders)) await go(CAST.chair, CAST.leaders);
  const message = await card(CAST.leaders, CAST.chair, /^E-/);
  const usable = (message?.card.buttons ?? []).filter((button) => button.enabled && (!fillIn || !isAck(twin(button))));
  const wish = wishes.find((one) => usable.some((button) => one.test(twin(button))));
  if (wish) await press(message, usable.find((button) => wish.test(twin(button))), fillIn ? t("tour.fill") : null);
  else step += 1; // an organisation may offer less on this card: the story goes on
}

async function doIt(event) {
  const button = event.currentTarget;
  button.disabled = true;
  await STEPS[step].act();
  await watchTour();
}

// --- the panel ---

export function draw() {
  const panel = find("tour");
  document.querySelectorAll(".spot").forEach((element) => element.classList.remove("spot"));
  panel.hidden = step < 0;
  if (step < 0) return panel.replaceChildren();
  panel.setAttribute("aria-label", t("tour.label"));
  panel.tabIndex = -1;
  const ended = step >= STEPS.length;
  spotlight(ended);
  const focused = panel.contains(document.activeElement);
  panel.replaceChildren(
    h("header", {}, h("p", { class: "caption" }, ended ? t("tour.label") : t("tour.step", { step: step + 1, total: STEPS.length })),
      h("button", { type: "button", class: "icon-button", "aria-label": t("tour.stop"), onclick: stop }, icon("close"))),
    h("div", { "aria-live": "polite" }, h("h2", {}, words("title", ended)), h("p", {}, words("text", ended)),
      ended && !store.clock.manual ? h("p", {}, t("tour.real")) : null),
    h("div", { class: "progress", "aria-hidden": "true" }, STEPS.map((_, index) => h("i", { class: index < step ? "past" : index === step ? "here" : "" }))),
    h("footer", {}, ended
      ? [h("button", { type: "button", class: "button", onclick: startTour }, t("tour.again")), h("button", { type: "button", class: "button primary", onclick: stop }, t("tour.finish"))]
      : [h("button", { type: "button", class: "button", onclick: stop }, t("tour.stop")), h("button", { type: "button", class: "button primary do", onclick: doIt }, t("tour.do"))]),
    h("ol", { class: "steps" }, STEPS.map((_, index) => stepElement(index))));
  if (focused) (panel.querySelector(".do") ?? panel).focus();
}

function stepElement(index) {
  const past = index < step;
  return h("li", { class: past ? "past" : index === step ? "here" : "", "aria-current": index === step ? "step" : null },
    h("i", { "aria-hidden": "true" }, past ? icon("check") : String(index + 1)), t(`tour.${index + 1}.title`, names()));
}

function words(part, ended) {
  const values = { ...names(), command: t("tour.2.command", names()) };
  return t(ended ? `tour.end.${part}` : `tour.${step + 1}.${part}`, values);
}

function spotlight(ended) {
  if (ended) return;
  const visible = (element) => element && element.getClientRects().length;
  STEPS[step].spot().map((selector) => [...document.querySelectorAll(selector)].at(-1)).find(visible)?.classList.add("spot");
}
