// Puts the page together and keeps it up to date.

import { buildComposer, drawComposer } from "./composer.js";
import { drawClock, watchClock } from "./clock.js";
import { toast } from "./dialogs.js";
import { find, h } from "./dom.js";
import { follow } from "./net.js";
import { setLanguage, start, store, subscribe, sync } from "./store.js";
import { drawSidebar, watchDrawer } from "./sidebar.js";
import { drawJump, drawThread, watchScroll } from "./thread.js";
import { canTour, draw as drawTour, offerTour, startTour, watchTour } from "./tour.js";
import { currentLanguage, LANGUAGES, t } from "./words.js";

const NAMES = { zh: "中", en: "EN" };
const TITLES = { zh: "中文", en: "English" };
let closeDrawer = () => {};

function drawFrame() {
  document.title = `${t("brand")} · ${t("brand.tag")}`;
  find("skip").textContent = t("skip");
  find("brand-name").textContent = t("brand");
  find("brand-tag").textContent = t("brand.tag");
  find("tour-button").textContent = t("tour");
  find("tour-button").hidden = !canTour();
  find("language").setAttribute("aria-label", t("language"));
  find("language").replaceChildren(...LANGUAGES.map((tag) => h("button", {
    type: "button", lang: tag, title: TITLES[tag], "aria-label": TITLES[tag], "aria-pressed": String(tag === currentLanguage()),
    "data-language": tag, onclick: () => { setLanguage(tag); document.querySelector(`[data-language="${tag}"]`).focus(); },
  }, NAMES[tag])));
  drawJump();
}

function drawAll() {
  drawSidebar();
  drawClock();
  drawThread();
  markMenu();
}

subscribe((what) => {
  if (what !== "data") { drawFrame(); drawComposer(); closeDrawer(); }
  drawAll();
  if (what === "language") drawTour();
  watchTour();
});

/** On a phone the chats are behind the menu: it shows that there is something new. */
function markMenu() {
  const news = Object.entries(store.unread[store.person] ?? {}).some(([chat]) => chat !== store.chat);
  find("menu").classList.toggle("news", news);
}

let wasOnline = true;
function connected(online) {
  if (online !== wasOnline) toast(t(online ? "online" : "offline"), online ? "" : "danger");
  wasOnline = online;
}

buildComposer();
watchScroll();
await start();
closeDrawer = watchDrawer();
watchClock();
follow(() => sync().catch(() => {}), connected);
document.body.dataset.ready = store.person ?? "";
offerTour();
find("tour-button").addEventListener("click", startTour);
