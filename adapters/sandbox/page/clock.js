// The clock of the sandbox: what time it is for everybody, and, when it is manual, how to let time pass.

import { moveClock } from "./actions.js";
import { toast } from "./dialogs.js";
import { find, h, icon } from "./dom.js";
import { pullClock, store } from "./store.js";
import { dayName, hourMinute, minutes, shortMoment } from "./times.js";
import { t } from "./words.js";

let moving = false;

export function drawClock() {
  const { manual, next, work_end: end } = store.clock;
  const panel = find("clock");
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.move : null;
  panel.setAttribute("aria-label", t("clock"));
  panel.classList.toggle("moving", moving);
  panel.replaceChildren(face(), ...(manual ? [
    mover("two", t("clock.two"), { advance: "2h" }, ""),
    mover("end", t("clock.end"), end && { to: end }, end && shortMoment(end, store.now)),
    mover("next", t("clock.next"), next && isAhead(next) && { to: next }, next ? shortMoment(next, store.now) : ""),
  ] : []));
  if (focused) panel.querySelector(`[data-move="${focused}"]`)?.focus();
}

/** A real clock goes on by itself: it is asked again now and then. */
export function watchClock() {
  setInterval(async () => {
    if (store.clock.manual || document.hidden) return;
    await pullClock().then(drawClock, () => {});
  }, 15000);
}

export async function advance(body) {
  if (moving) return null;
  moving = true;
  drawClock();
  const answer = await moveClock(body);
  moving = false;
  drawClock();
  if (answer) toast(t(answer.posted ? "clock.posted" : "clock.moved", { time: `${dayName(answer.now)} ${hourMinute(answer.now)}`, count: answer.posted }));
  return answer;
}

const isAhead = (iso) => minutes(iso) >= minutes(store.now);

function face() {
  return h("p", { class: "face-now" }, icon("clock"), h("span", { class: "day-now" }, dayName(store.now)), h("b", {}, hourMinute(store.now)),
    store.clock.manual ? null : h("span", { class: "real" }, t("clock.real")));
}

function mover(name, label, body, when) {
  const title = body ? t("clock.to", { time: when || label }) : t("clock.none");
  return h("button", { type: "button", class: "move", "data-move": name, title, disabled: moving || !body, onclick: () => advance(body) },
    label, when ? h("span", { class: "when" }, when) : null);
}
