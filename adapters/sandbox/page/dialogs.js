// Forms, questions and toasts. Modal dialogs are the browser's own: focus stays inside, Esc leaves, focus returns.

import { h, icon, find } from "./dom.js";
import { store } from "./store.js";
import { t } from "./words.js";

export function toast(text, tone = "") {
  const note = h("p", { class: `toast ${tone}` }, text);
  find("toasts").replaceChildren(note);
  setTimeout(() => note.remove(), tone === "danger" ? 9000 : 5000);
}

/** Asks before a button acts; true when the person says yes. */
export function askConfirm({ title, text, yes, no }) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog", { class: "dialog small", role: "alertdialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
      h("div", { class: "dialog-body" }, h("h2", { id: "confirm-title" }, title), h("p", { id: "confirm-text", class: "pre" }, text)),
      h("footer", {},
        h("button", { type: "button", class: "button", onclick: () => dialog.close("no") }, no || t("form.cancel")),
        h("button", { type: "button", class: "button primary", onclick: () => dialog.close("yes") }, yes)),
    );
    show(dialog, () => resolve(dialog.returnValue === "yes"));
  });
}

/** Shows a form until it is accepted or left; gives the bot's answer, or null. `fillIn`: words for empty texts,
 *  then sent at once (the tour does it for the person). */
export function openForm(form, send, fillIn = null) {
  return new Promise((resolve) => {
    let answer = null;
    const alert = h("p", { class: "form-alert", role: "alert", hidden: true });
    const rows = form.fields.map(fieldRow);
    const submit = h("button", { type: "submit", class: "button primary" }, form.submit);
    const element = h("form", { novalidate: true, class: "dialog-form" },
      h("header", {}, h("h2", { id: "form-title" }, form.title),
        h("button", { type: "button", class: "icon-button", "aria-label": t("dialog.close"), onclick: () => dialog.close() }, icon("close"))),
      h("div", { class: "dialog-body" }, alert, rows.map((row) => row.element)),
      h("footer", {}, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("form.cancel")), submit));
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "form-title" }, element);

    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (submit.disabled) return;
      submit.disabled = true;
      submit.textContent = t("form.sending");
      try {
        const given = await send(Object.fromEntries(rows.map((row) => [row.name, row.value()])));
        if (given.ok) { answer = given; dialog.close(); return; }
        showErrors(rows, alert, given);
      } catch (error) {
        alert.textContent = t("failed", { reason: error.message });
        alert.hidden = false;
      } finally {
        submit.disabled = false;
        submit.textContent = form.submit;
      }
    });
    show(dialog, () => resolve(answer));
    (rows.find((row) => row.error.textContent) ?? rows[0])?.focus();
    if (fillIn) { rows.forEach((row) => row.fillIn(fillIn)); element.requestSubmit(); }
  });
}

function show(dialog, closed) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    (before?.isConnected ? before : sameButton(before))?.focus();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** The card may have been drawn anew while the dialog stood before it. */
function sameButton(before) {
  const key = before?.dataset?.button;
  return key ? document.querySelector(`[data-button="${CSS.escape(key)}"]`) : null;
}

function showErrors(rows, alert, { errors, toast: words }) {
  const named = new Set(rows.map((row) => row.name));
  const others = Object.entries(errors).filter(([name]) => !named.has(name)).map(([, text]) => text);
  rows.forEach((row) => row.showError(errors[row.name] ?? ""));
  alert.textContent = [words, ...others].filter(Boolean).join(" ") || t("form.check");
  alert.hidden = false;
  rows.find((row) => errors[row.name])?.focus();
}

// --- fields ---

function fieldRow(field) {
  const id = `field-${field.name}`;
  const control = CONTROLS[field.kind]?.(field, id) ?? textControl(field, id);
  const error = h("p", { class: "field-error", id: `${id}-error` }, field.error ?? "");
  const hint = field.hint ? h("p", { class: "field-hint", id: `${id}-hint` }, field.hint) : null;
  const mark = field.required ? h("span", { class: "required" }, ` ${t("form.required")}`) : null;
  const isGroup = control.group;
  const element = h(isGroup ? "fieldset" : "div", { class: "field" },
    h(isGroup ? "legend" : "label", isGroup ? {} : { for: id }, field.label, mark), control.element, hint, error);
  const described = [hint && hint.id, error.id].filter(Boolean).join(" ");
  control.inputs.forEach((input) => {
    input.setAttribute("aria-describedby", described);
    if (field.required && !isGroup) input.setAttribute("aria-required", "true");
  });
  const row = { name: field.name, element, error, value: control.value, focus: () => control.inputs[0]?.focus() };
  row.fillIn = (words) => control.fillIn?.(words);
  row.showError = (text) => {
    error.textContent = text;
    element.classList.toggle("wrong", Boolean(text));
    control.inputs.forEach((input) => input.setAttribute("aria-invalid", text ? "true" : "false"));
  };
  if (field.error) row.showError(field.error);
  return row;
}

const one = (value) => (Array.isArray(value) ? value[0] ?? "" : value ?? "");

function textControl(field, id, tag = "input", more = {}) {
  const input = h(tag, { id, name: field.name, value: one(field.value), autocomplete: "off", ...more });
  return { element: input, inputs: [input], value: () => input.value, fillIn: (words) => { if (field.required && !input.value) input.value = words; } };
}

function selectControl(field, id) {
  const options = field.options.length ? field.options : peopleFor(field);
  if (!options.length) return textControl(field, id);
  const value = one(field.value);
  const blank = h("option", { value: "" }, t(field.required ? "form.choose" : "form.none"));
  const select = h("select", { id, name: field.name }, value && field.required ? null : blank,
    options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.label)));
  return { element: select, inputs: [select], value: () => select.value, fillIn: () => { if (field.required && !select.value) select.selectedIndex = 1; } };
}

function peopleFor(field) {
  return field.kind === "person" ? store.people.map((person) => ({ value: person.id, label: `${person.name} · ${person.department}` })) : [];
}

function manyControl(field, id) {
  const chosen = new Set([field.value].flat());
  const inputs = field.options.map((option, at) =>
    h("input", { type: "checkbox", id: at ? `${id}-${at}` : id, value: option.value, checked: chosen.has(option.value) }));
  const labels = field.options.map((option, at) => h("label", { class: "check" }, inputs[at], h("span", {}, option.label)));
  return {
    group: true, element: h("div", { class: "checks" }, labels), inputs,
    value: () => inputs.filter((input) => input.checked).map((input) => input.value),
    fillIn: () => { if (field.required && !inputs.some((input) => input.checked) && inputs[0]) inputs[0].checked = true; },
  };
}

/** Words such as 下周三之前 are welcome, so it is a text; the native picker stands beside it. */
function momentControl(field, id) {
  const text = textControl(field, id);
  const native = h("input", { type: "datetime-local", tabindex: "-1", "aria-hidden": "true" });
  native.addEventListener("input", () => { if (native.value) text.inputs[0].value = native.value.replace("T", " "); });
  const pick = h("button", { type: "button", class: "pick", "aria-label": `${t("form.pick")} · ${field.label}`, onclick: () => {
    native.value ||= store.now.slice(0, 16);
    native.showPicker?.();
  } }, icon("calendar"));
  return { ...text, element: h("div", { class: "moment" }, text.element, h("span", { class: "picker" }, native, pick)) };
}

const CONTROLS = {
  multiline: (field, id) => textControl(field, id, "textarea", { rows: "3" }),
  number: (field, id) => textControl(field, id, "input", { inputmode: "decimal" }),
  select: selectControl, person: selectControl, department: selectControl, multiselect: manyControl, datetime: momentControl,
};
