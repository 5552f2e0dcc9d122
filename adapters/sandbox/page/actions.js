// What the person does: say, press, send a form. Each shows the bot's answer and brings the page up to date.

import { askConfirm, openForm, toast } from "./dialogs.js";
import { call } from "./net.js";
import { store, sync } from "./store.js";
import { t } from "./words.js";

export async function say(text, { chat, person }) {
  const answer = await attempt(() => call("/api/say", { chat, person, text }));
  if (!answer) return null;
  await sync();
  if (answer.form) await fill(answer.form, person);
  return answer;
}

/** Presses a button; `beforehand` fills a form that may open, for the tour. */
export async function press(message, button, beforehand = null) {
  const { person } = store;
  if (button.confirm && !(beforehand || (await askConfirm(button.confirm)))) return null;
  const answer = await attempt(() => call("/api/click", { message: message.id, person, button: button.id }));
  if (!answer) return null;
  if (answer.ok) store.acts.push({ kind: "click", person, twin: button.twin, label: button.label, form: Boolean(answer.form) });
  await sync();
  if (answer.toast) toast(answer.toast, answer.ok ? "" : "danger");
  if (answer.form) await fill(answer.form, person, beforehand);
  return answer;
}

export async function moveClock(body) {
  const answer = await attempt(() => call("/api/clock", body));
  if (!answer) return null;
  await sync();
  return answer;
}

async function fill(form, person, beforehand = null) {
  const send = (values) => call("/api/submit", { form: form.id, person, values });
  const answer = await openForm(form, send, beforehand);
  if (!answer) return;
  store.acts.push({ kind: "submit", person });
  await sync();
  if (answer.toast) toast(answer.toast);
  if (answer.form) await fill(answer.form, person, beforehand);
}

async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    toast(t("failed", { reason: error.message }), "danger");
    return null;
  }
}
