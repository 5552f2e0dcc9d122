// What the page knows: who acts, which chat is open, what stands in it. Everything else draws from here.

import { ask, call } from "./net.js";
import { useLanguage } from "./words.js";

export const store = {
  people: [], chats: [], unread: {}, now: "", clock: { manual: false, next: null, work_end: null },
  person: null, chat: null, language: null, messages: new Map(), loaded: false, revision: 0, hints: [], acts: [],
};

const HUES = 10;
const listeners = new Set();
export const subscribe = (listener) => listeners.add(listener);
const tell = (what) => listeners.forEach((listener) => listener(what));

export const personById = (id) => store.people.find((person) => person.id === id);
export const chatById = (id) => store.chats.find((chat) => chat.id === id);
export const me = () => personById(store.person);
export const myChats = () => store.chats.filter((chat) => chat.members.includes(store.person));
export const aboutPerson = (person) => [person.department, person.roles[0]].filter(Boolean).join(" · ");

export async function start() {
  await pullState();
  const wanted = personById(remembered("person")) ?? store.people[0];
  store.language = remembered("language");
  await go(wanted?.id, remembered("chat"));
}

/** Acts as this person in this chat; a chat the person is not in becomes their first one. */
export async function go(person, chat) {
  const changesPerson = person !== store.person;
  store.person = person;
  const mine = myChats();
  store.chat = (mine.find((one) => one.id === chat) ?? mine[0])?.id ?? null;
  remember("person", person);
  remember("chat", store.chat);
  speak();
  store.messages = new Map();
  store.revision = 0;
  store.loaded = false;
  tell("place");
  if (changesPerson && person) store.hints = (await ask("/api/hints", { person })).hints;
  await sync();
}

export function setLanguage(tag) {
  store.language = tag;
  remember("language", tag);
  speak();
  tell("language");
}

function speak() {
  useLanguage(store.language ?? me()?.language ?? "zh");
}

let running = null;
let again = false;

/** Brings everything up to date; calls that come meanwhile cause one more round, not many. */
export function sync() {
  again = true;
  running ??= rounds().finally(() => { running = null; });
  return running;
}

async function rounds() {
  while (again) {
    again = false;
    await Promise.all([pullState(), pullClock(), pullMessages()]);
    tell("data");
    await markRead();
  }
}

async function pullState() {
  const state = await ask("/api/state");
  state.people.forEach((person, at) => { person.hue = at % HUES; });
  Object.assign(store, { people: state.people, chats: state.chats, unread: state.unread, now: state.now });
}

export async function pullClock() {
  store.clock = await ask("/api/clock");
  store.now = store.clock.now;
}

async function pullMessages() {
  const { person, chat, revision } = store;
  if (!chat) return;
  const answer = await ask("/api/messages", { chat, person, changed_after: revision });
  if (person !== store.person || chat !== store.chat) return;
  for (const message of answer.messages) store.messages.set(message.id, message);
  for (const id of answer.deleted) store.messages.delete(id);
  store.revision = answer.revision;
  store.loaded = true;
}

async function markRead() {
  const { person, chat } = store;
  if (document.hidden || !store.unread[person]?.[chat]) return;
  await call("/api/read", { person, chat });
  delete store.unread[person][chat];
  tell("data");
}

export function remember(name, value) {
  try {
    if (value === null || value === undefined) localStorage.removeItem(`liaison.${name}`);
    else localStorage.setItem(`liaison.${name}`, value);
  } catch { /* a browser may refuse storage: then nothing is remembered */ }
}

export function remembered(name) {
  try {
    return localStorage.getItem(`liaison.${name}`);
  } catch {
    return null;
  }
}
