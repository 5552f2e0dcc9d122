"""What the product can do, in four tables: verbs, cards, jobs, and what a clock's step does. Reading them is
reading the product; adding a line is adding a feature."""

from __future__ import annotations

from collections.abc import Mapping

from commands.cards import checkin as checkin_cards
from commands.cards import due as due_cards
from commands.cards import escalation as escalation_cards
from commands.cards import minutes as minutes_cards
from commands.cards import notices
from commands.cards import request as request_cards
from commands.cards import status as status_cards
from commands.domain.clocks import ClockKind
from commands.escalate import ack, mediate, options, question, remind, rule
from commands.escalate import clocks as escalate_clocks
from commands.escalate import open as open_dispute
from commands.escalate import show as escalate_show
from commands.jobs import calendar as calendar_jobs
from commands.jobs import checkin as checkin_jobs
from commands.jobs import clocks, due
from commands.jobs.clocks import OnStep
from commands.minutes import agenda, confirm, publish
from commands.minutes import clocks as minutes_clocks
from commands.minutes import new as minutes_new
from commands.minutes import show as minutes_show
from commands.registry import CardType, Job, Verb
from commands.request import answer, cancel, change, deliver, edit, guards, new, reply, show, task
from commands.request import clocks as request_clocks
from commands.status import audit, bind, board, calendar, checkin, doctor, evening, known_days, language, leave
from commands.status import show as status_show

VERBS: tuple[Verb, ...] = (
    # request
    Verb("request", "new", new.New, new.new, new.prefill, new.check),
    Verb("request", "show", show.Show, show.show),
    Verb("request", "list", show.List, show.list_mine),
    Verb("request", "edit", edit.Edit, edit.edit, edit.prefill, guards.on_request("edit"), form_first=True),
    Verb("request", "accept", answer.Accept, answer.accept, answer.propose_due, guards.on_request("accept")),
    Verb("request", "decline", answer.Decline, answer.decline, check=guards.on_request("decline")),
    Verb("request", "counter", answer.Counter, answer.counter, check=guards.on_request("counter")),
    Verb("request", "ask", answer.AskBack, answer.ask_back, check=guards.on_request("ask")),
    Verb("request", "answer", answer.AnswerBack, answer.answer_back, check=guards.on_request("answer")),
    Verb("request", "reroute", answer.Reroute, answer.reroute, check=guards.rerouting),
    Verb("request", "agree", reply.Agree, reply.agree),
    Verb("request", "refuse", reply.Refuse, reply.refuse),
    Verb("request", "task", task.NewTask, task.task),
    Verb("request", "delay", change.Delay, change.delay, check=guards.delaying),
    Verb("request", "hold", change.Hold, change.hold, check=guards.on_request("hold")),
    Verb("request", "resume", change.Resume, change.resume),
    Verb("request", "deliver", deliver.Deliver, deliver.deliver, check=guards.on_request("deliver")),
    Verb("request", "verify", deliver.Verify, deliver.verify),
    Verb("request", "rework", deliver.Rework, deliver.rework, deliver.propose_limit, guards.on_request("rework")),
    Verb("request", "close", deliver.Close, deliver.close, check=guards.on_request("close")),
    Verb("request", "reopen", deliver.Reopen, deliver.reopen, check=guards.on_request("reopen")),
    Verb("request", "cancel", cancel.Cancel, cancel.cancel, check=guards.cancelling),
    Verb("request", "handover", cancel.Handover, cancel.handover, check=guards.on_request("handover")),
    Verb("request", "ack", ack.Ack, ack.ack, hidden=True),  # what `/escalate ack R-1` does, where one looks for it
    Verb("request", "send", new.Send, new.send, hidden=True),
    # escalate
    Verb("escalate", "dispute", open_dispute.Dispute, open_dispute.dispute, check=open_dispute.check),
    Verb("escalate", "position", mediate.Position, mediate.position),
    Verb("escalate", "settle", mediate.Settle, mediate.settle),
    Verb("escalate", "up", mediate.OnlyId, mediate.up),
    Verb("escalate", "ack", ack.Ack, ack.ack),
    Verb("escalate", "rule", rule.Rule, rule.rule, options.prefill, rule.check, shape=options.shape),
    Verb("escalate", "remind", mediate.OnlyId, remind.remind),
    Verb("escalate", "withdraw", mediate.Withdraw, mediate.withdraw),
    Verb("escalate", "show", escalate_show.Show, escalate_show.show),
    Verb("escalate", "list", escalate_show.List, escalate_show.list_live),
    # minutes
    Verb("minutes", "new", minutes_new.New, minutes_new.new, minutes_new.prefill),
    Verb("minutes", "retro", minutes_new.New, minutes_new.retro, minutes_new.prefill),
    Verb("minutes", "publish", publish.Publish, publish.publish, publish.prefill, publish.check, True),
    Verb("minutes", "draft", publish.Publish, publish.draft, publish.prefill, publish.check_draft, True),
    Verb("minutes", "confirm", confirm.Confirm, confirm.confirm, confirm.prefill),
    Verb("minutes", "object", confirm.ObjectTo, confirm.object_to, confirm.prefill, confirm.check),
    Verb("minutes", "actions", minutes_show.Actions, minutes_show.actions),
    Verb("minutes", "remind", confirm.OnlyId, confirm.remind),
    Verb("minutes", "show", minutes_show.Show, minutes_show.show),
    Verb("minutes", "list", minutes_show.List, minutes_show.list_mine),
    Verb("minutes", "cancel", minutes_new.Cancel, minutes_new.cancel),
    # status
    Verb("status", "here", board.Here, board.here),
    Verb("status", "me", board.Me, board.me),
    Verb("status", "dept", board.OfDepartment, board.dept),
    Verb("status", "show", status_show.Show, status_show.show),
    Verb("status", "checkin", checkin.CheckIn, checkin.check_in, checkin.prefill),
    Verb("status", "leave", leave.Away, leave.leave),
    Verb("status", "bind", bind.Bind, bind.bind),
    Verb("status", "unbind", bind.Unbind, bind.unbind, hidden=True),
    Verb("status", "calendar", calendar.Calendar, calendar.calendar),
    Verb("status", "audit", audit.Audit, audit.audit),
    Verb("status", "doctor", doctor.Doctor, doctor.doctor),
    Verb("status", "language", language.Language, language.language),
)

CARDS: tuple[CardType, ...] = (
    # request
    CardType("request", request_cards.request),
    CardType("task", request_cards.task),
    *(notice.card() for notice in notices.NOTICES),
    CardType("due_line", due_cards.line),
    CardType("handed_over", notices.handed_over),
    CardType("handed_over_to", notices.handed_over_to),
    CardType("handed_over_asking", notices.handed_over_asking),
    CardType("nobody_left", notices.nobody_left),
    # escalate
    CardType("escalation", escalation_cards.escalation),
    CardType("decision", escalation_cards.decision),
    # minutes
    CardType("minutes", minutes_cards.minutes),
    CardType(agenda.VIEW, minutes_cards.agenda_notice),
    # administrators
    CardType("undeliverable", notices.undeliverable),
    CardType("chat_lost", notices.chat_lost),
    CardType("late_actions", notices.late_actions),
    # status
    CardType(evening.CARD, checkin_cards.card),
    CardType(evening.SUMMARY, checkin_cards.summary),
    CardType("checkin_reminder", checkin_cards.reminder),
    CardType("checkin_late", checkin_cards.late),
    CardType("checkin_missed", checkin_cards.missed),
    CardType("checkin_nobody", checkin_cards.nobody),
    CardType("rules", status_cards.rules),
    CardType("leave_entered", status_cards.leave_entered),
    CardType("leave_ended", status_cards.leave_ended),
    CardType("leave_gap", status_cards.leave_gap),
    CardType("calendar_ends", status_cards.calendar_ends),
)

CLOCK_STEPS: Mapping[ClockKind, OnStep] = {
    # request
    ClockKind.RESPONSE: request_clocks.response,
    ClockKind.INFO: request_clocks.info,
    ClockKind.REPLY: request_clocks.reply,
    ClockKind.ACCEPTANCE: request_clocks.acceptance,
    ClockKind.REWORK: request_clocks.rework,
    ClockKind.DECLINED: request_clocks.declined,
    ClockKind.RATING: request_clocks.rating,
    # escalate
    ClockKind.DISPUTE: escalate_clocks.dispute,
    ClockKind.RULING: escalate_clocks.ruling,
    ClockKind.SUPPLEMENT: question.on_step,
    ClockKind.EXECUTION: escalate_clocks.execution,
    # minutes
    ClockKind.MINUTES: minutes_clocks.writing,
    ClockKind.CONFIRMATION: minutes_clocks.confirmation,
    # status
    ClockKind.CHECKIN: checkin_jobs.on_step,
}

JOBS: tuple[Job, ...] = (
    # clocks and due dates
    Job("clock", clocks.job(CLOCK_STEPS)),
    Job(due.JOB, due.run),
    Job(change.RESUME_JOB, change.resume_when_due),
    Job(new.DRAFT_JOB, new.draft_unconfirmed),
    # minutes
    Job(agenda.JOB, agenda.remind),
    # status
    Job(evening.PROMPT_JOB, checkin_jobs.prompt),
    Job(evening.SUMMARY_JOB, checkin_jobs.summary),
    Job(known_days.WATCH, calendar_jobs.watch),
)
