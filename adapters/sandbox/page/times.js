// Times as the bot writes them: the wall time that stands in the ISO text, never the browser's zone or clock.

import { currentLanguage } from "./words.js";

const DAYS = { zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"], en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const dayKey = (iso) => iso.slice(0, 10);
export const hourMinute = (iso) => iso.slice(11, 16);
export const minutes = (iso) => Date.parse(iso) / 60000;

export function dayName(iso) {
  const [year, month, day] = dayKey(iso).split("-").map(Number);
  const weekday = DAYS[currentLanguage()][new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return currentLanguage() === "zh" ? `${month}月${day}日 ${weekday}` : `${weekday} ${day} ${MONTHS[month - 1]}`;
}

/** The hour alone on the same day, with the day otherwise. */
export function shortMoment(iso, now) {
  return dayKey(iso) === dayKey(now) ? hourMinute(iso) : `${dayName(iso)} ${hourMinute(iso)}`;
}
