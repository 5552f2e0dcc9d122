// The page's own words. What the bot says comes from the bot, in the reader's language.

const CATALOGUE = {
  zh: {
    "brand": "接口人", "brand.tag": "演示环境", "skip": "跳到输入框",
    "bot": "接口人", "bot.about": "协作机器人",
    "language": "界面语言", "menu.open": "打开会话列表", "menu.close": "关闭会话列表",
    "side": "身份与会话", "acting": "当前身份", "acting.switch": "切换身份：当前为{name}，{about}", "people": "所有人",
    "waiting": "有新消息的同事", "groups": "群聊", "direct": "单聊", "unread": "{count} 条未读", "unread.mention": "{count} 条未读，提到了你",
    "members": "{count} 人", "direct.with": "{name} 与接口人的单聊", "block": "屏蔽接口人", "unblock": "解除屏蔽",
    "blocked.note": "已屏蔽：接口人暂时无法给{name}发消息",
    "log": "消息", "private": "仅你可见", "edited": "已编辑 {time}", "today": "今天", "jump": "有新消息",
    "tone.info": "通知", "tone.success": "完成", "tone.warning": "请留意", "tone.danger": "紧急",
    "you": "我", "image.open": "查看大图：{alt}",
    "empty.title": "从一句话开始", "empty.group": "在这里发起跨部门需求。输入 / 查看可用命令，或 @接口人。",
    "empty.direct": "与接口人单聊：直接输入命令即可，只有你能看到。", "empty.none": "{name}不在任何群里",
    "composer": "输入消息", "composer.group": "发到「{name}」… 输入 / 查看命令", "composer.direct": "发给接口人… 输入 / 查看命令",
    "composer.send": "发送", "composer.commands": "命令", "composer.keys": "↑↓ 选择 · Tab 填入 · Enter 发送 · Shift+Enter 换行",
    "completion": "可以输入的命令", "completion.count": "{count} 项建议，按向下键选择",
    "form.cancel": "取消", "form.required": "必填", "form.choose": "请选择…", "form.none": "（不填）", "form.pick": "选择日期与时间",
    "form.check": "请检查标出的内容", "form.sending": "正在提交…", "dialog.close": "关闭",
    "clock": "演示时钟", "clock.real": "真实时间", "clock.next": "下一件到期", "clock.end": "下班", "clock.two": "+2 小时",
    "clock.to": "时间前进到 {time}", "clock.none": "没有待到期的事项",
    "clock.moved": "已到 {time}，期间没有新消息", "clock.posted": "已到 {time}，期间发出 {count} 条消息", "clock.moving": "时间前进中…",
    "offline": "与机器人的连接中断，正在重连…", "online": "已重新连接", "failed": "没有成功：{reason}",
    "tour": "导览", "tour.label": "新手导览", "tour.step": "第 {step} 步，共 {total} 步", "tour.do": "替我操作", "tour.stop": "结束导览", "tour.finish": "完成",
    "tour.again": "重新开始", "tour.back": "上一步",
    "tour.1.title": "先以{requester}的身份进群", "tour.1.text": "{requester}是{asking}接口人。请在左侧切换到{requester}，并打开群聊「{group}」。",
    "tour.2.command": "/request 紧急 @{asked} 客户现场停机",
    "tour.2.title": "发起一个紧急需求", "tour.2.text": "在输入框里写：{command}，然后按 Enter。接口人会立即登记编号，并开始 2 小时的答复计时。",
    "tour.3.title": "换到对方部门", "tour.3.text": "{asked}接口人{lead}同时收到了私信。切换到{lead}，打开与接口人的单聊看看：要做什么、什么时候前、按哪个按钮，一目了然。",
    "tour.4.title": "没有人答复……", "tour.4.text": "假设{lead}和同事都在忙。在上方按「+2 小时」让时间前进：机器人会先提醒，到点自动升级。",
    "tour.5.title": "事情自己到了领导小组", "tour.5.text": "没有人需要去告状：超时后机器人已把它送到领导小组。切换到{chair}，打开「{leaders}」。",
    "tour.6.title": "{chair}按下「知悉」", "tour.6.text": "知悉只表示看到了：停止重复提醒，但计时继续。",
    "tour.7.title": "{chair}作出决定", "tour.7.text": "在同一张卡片上作出裁决、指派或催办。选择和理由都会留痕，谁有权、谁需回避由机器人把关。",
    "tour.8.title": "回到{requester}：全程留痕", "tour.8.text": "回到{requester}的群聊「{group}」。还是那一张卡片，状态已就地更新，没有刷屏。",
    "tour.end.title": "这就是一次闭环", "tour.end.text": "发起、提醒、升级、裁决，每一步都有人负责、有据可查。接下来随意试：以任何人的身份输入 /help 看看全部能力。",
    "tour.real": "当前使用真实时间，跳过了需要推进时间的步骤。用手动时钟启动（platforms.sandbox.clock: manual）可以看到完整的升级过程。",
    "tour.fill": "客户现场停机，请优先恢复生产，其余事项顺延。",
  },
  en: {
    "brand": "Liaison", "brand.tag": "Sandbox", "skip": "Skip to the message box",
    "bot": "Liaison", "bot.about": "Collaboration bot",
    "language": "Language of the page", "menu.open": "Open the chat list", "menu.close": "Close the chat list",
    "side": "Who you are, and chats", "acting": "Acting as", "acting.switch": "Switch person: now {name}, {about}", "people": "Everybody",
    "waiting": "Colleagues with news", "groups": "Groups", "direct": "One to one", "unread": "{count} unread", "unread.mention": "{count} unread, you are mentioned",
    "members": "{count} members", "direct.with": "{name} and Liaison, one to one", "block": "Block Liaison", "unblock": "Unblock Liaison",
    "blocked.note": "Blocked: Liaison cannot write to {name} for now",
    "log": "Messages", "private": "Only visible to you", "edited": "edited {time}", "today": "Today", "jump": "New messages",
    "tone.info": "Notice", "tone.success": "Done", "tone.warning": "Attention", "tone.danger": "Urgent",
    "you": "Me", "image.open": "Open the picture: {alt}",
    "empty.title": "Start with one line", "empty.group": "Raise a request to another department here. Type / for commands, or @Liaison.",
    "empty.direct": "You and the bot: just type a command; only you can read this.", "empty.none": "{name} is in no group",
    "composer": "Message", "composer.group": "Message {name}… type / for commands", "composer.direct": "Message Liaison… type / for commands",
    "composer.send": "Send", "composer.commands": "Commands", "composer.keys": "↑↓ choose · Tab insert · Enter send · Shift+Enter new line",
    "completion": "What you can type", "completion.count": "{count} suggestions, arrow down to choose",
    "form.cancel": "Cancel", "form.required": "required", "form.choose": "Choose…", "form.none": "(none)", "form.pick": "Pick date and time",
    "form.check": "Please check the marked fields", "form.sending": "Sending…", "dialog.close": "Close",
    "clock": "Sandbox clock", "clock.real": "Real time", "clock.next": "Next due", "clock.end": "Day end", "clock.two": "+2 h",
    "clock.to": "Move time to {time}", "clock.none": "Nothing is waiting for time",
    "clock.moved": "It is {time}; nothing was posted on the way", "clock.posted": "It is {time}; {count} messages were posted on the way", "clock.moving": "Time is passing…",
    "offline": "Lost the bot, connecting again…", "online": "Connected again", "failed": "That did not work: {reason}",
    "tour": "Tour", "tour.label": "Guided tour", "tour.step": "Step {step} of {total}", "tour.do": "Do it for me", "tour.stop": "End the tour", "tour.finish": "Done",
    "tour.again": "Start again", "tour.back": "Back",
    "tour.1.title": "Enter the group as {requester}", "tour.1.text": "{requester} is a liaison of {asking}. Switch to {requester} on the left and open the group “{group}”.",
    "tour.2.command": "/request urgent @{asked} Line down at the customer's site",
    "tour.2.title": "Raise an urgent request", "tour.2.text": "Type {command} and press Enter. The bot gives it a number and starts a two-hour response clock.",
    "tour.3.title": "Look from the other side", "tour.3.text": "{lead}, a liaison of {asked}, got the same card in private. Switch to {lead} and open the chat with the bot: what, by when, and one button to answer.",
    "tour.4.title": "Nobody answers…", "tour.4.text": "Suppose {lead} and everybody else is busy. Press “+2 h” above: the bot reminds first, and escalates when the time is up.",
    "tour.5.title": "It reached leadership by itself", "tour.5.text": "Nobody had to complain: the breach went to the leadership group. Switch to {chair} and open “{leaders}”.",
    "tour.6.title": "{chair} acknowledges", "tour.6.text": "Press acknowledge. It only says “seen”: repeats stop, the clock runs on.",
    "tour.7.title": "{chair} decides", "tour.7.text": "Rule, assign or urge on the same card. The choice and the reason are on the record; the bot checks who may decide.",
    "tour.8.title": "Back to {requester}: all on record", "tour.8.text": "Go back to “{group}” as {requester}. It is still the one card, updated in place.",
    "tour.end.title": "That closed the loop", "tour.end.text": "Raised, reminded, escalated, decided: each step has an owner and a trace. Now play: type /help as anybody.",
    "tour.real": "The clock shows real time, so the steps that need time to pass were left out. Start with platforms.sandbox.clock: manual to see the whole escalation.",
    "tour.fill": "A customer's line is down: restore it first, the rest can wait.",
  },
};

let language = "zh";

export const LANGUAGES = Object.keys(CATALOGUE);
export const catalogue = CATALOGUE;
export const currentLanguage = () => language;

export function useLanguage(tag) {
  language = tag?.toLowerCase().startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** The words for a key, `{name}` filled in. */
export function t(key, values = {}) {
  const text = CATALOGUE[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
