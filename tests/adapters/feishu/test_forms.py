"""Forms as people see them on Feishu, and what comes back of them."""

from __future__ import annotations

import pytest

from adapters.feishu import forms, values
from bot.language import text_of
from commands.catalogue import VERBS
from commands.chat import FieldKind, Form, FormField, Option
from support.feishu.filling import fields
from tests.adapters.feishu.seen import markdown, pressed, problems, said, with_tag

PEOPLE = (Option("limin", "李敏", "ou_1"), Option("zhangwei", "张伟", "ou_2"))
STRANGER = Option("wanglei", "王磊")


def words(key):
    return text_of("zh-CN", key) or key


def card(*asked, **more):
    form = Form("request.accept?id=R-1#feishu:oc_1#n", "受理请求 R-1", asked, "受理")
    found = forms.form(form, words, chat="oc_1", direct=False, owner="ou_9", **more)
    assert problems(found) == []
    return found


def field(kind, name="due", **more):
    return FormField(name, "完成时间", kind, **more)


def people(n):
    return tuple(Option(f"p{i}", f"人员 {i}", f"ou_{i:032}") for i in range(n))


def named(n):
    return tuple(Option(f"p{i}", f"选项 {i}") for i in range(n))


def element(found, name="due"):
    return {each["name"]: each for each in fields(with_tag(found, "form")[0])}[name]


# --- fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "tag", "known"),
    [
        (field(FieldKind.TEXT, value="标题"), "input", {"default_value": "标题"}),
        (field(FieldKind.MULTILINE, value="一\n二"), "input", {"default_value": "一\n二", "input_type": "multiline_text"}),
        (field(FieldKind.NUMBER, value="5"), "input", {"default_value": "5"}),
        (field(FieldKind.SELECT, options=named(2), value="p1"), "select_static", {"initial_option": "p1"}),
        (field(FieldKind.DEPARTMENT, options=named(2), value="p0"), "select_static", {"initial_option": "p0"}),
        (field(FieldKind.MULTISELECT, options=named(3), value=("p2", "p0")), "multi_select_static", {"selected_values": ["p2", "p0"]}),
        (field(FieldKind.PERSON, options=PEOPLE, value="zhangwei"), "select_person", {"initial_option": "ou_2"}),
        (field(FieldKind.MULTISELECT, options=PEOPLE, value=("limin",)), "multi_select_person", {"selected_values": ["ou_1"]}),
        (field(FieldKind.DATETIME, value="2026-09-30T18:00"), "picker_datetime", {"initial_datetime": "2026-09-30 18:00"}),
        (field(FieldKind.DATETIME), "picker_datetime", {}),
        (field(FieldKind.DATETIME, value="下周三"), "input", {"default_value": "下周三"}),
        (field(FieldKind.PERSON, options=(*PEOPLE, STRANGER), value="wanglei"), "select_static", {"initial_option": "wanglei"}),
        (field(FieldKind.PERSON, options=PEOPLE, value="gone"), "select_static", {"initial_option": "gone"}),
        (field(FieldKind.SELECT, options=named(81), value="p1"), "input", {"default_value": "选项 1"}),
        (field(FieldKind.PERSON, options=people(200)), "select_person", {}),
        (field(FieldKind.PERSON, options=people(201)), "input", {}),
    ],
)  # fmt: skip
def test_each_kind_has_its_element_with_what_is_known(asked, tag, known):
    found = element(card(asked))
    assert found["tag"] == tag
    initial = {"initial_option", "selected_values", "initial_datetime", "default_value"}
    assert {name: found[name] for name in found if name in known or name in initial} == known


def test_people_can_be_asked_for_by_name():
    """Feishu refuses the whole card for one id that it does not know."""
    found = element(card(field(FieldKind.PERSON, options=PEOPLE, value="limin"), people=False))
    assert (found["tag"], found["initial_option"]) == ("select_static", "limin")


@pytest.mark.parametrize(
    ("asked", "required", "mark"),
    [
        (field(FieldKind.TEXT), False, "**完成时间**"),
        (field(FieldKind.TEXT, required=True), True, "**完成时间** <font color='red'>&#42;</font>"),
        (
            field(FieldKind.TEXT, required=True, excusable=True),
            False,
            "**完成时间** <font color='grey'>通常必填</font>",
        ),
    ],
)
def test_what_must_be_filled_in_is_marked(asked, required, mark):
    found = card(asked)
    assert element(found)["required"] is required
    assert markdown(found) == mark


def test_what_is_wrong_stands_between_the_label_and_what_was_filled_in():
    found = card(field(FieldKind.TEXT, value="31 Feb", error="没有看懂日期「31 Feb」。", hint="如 下周三之前"))
    label, error, given, hint = with_tag(found, "form")[0]["elements"][:4]
    assert label["content"] == "**完成时间**"
    assert (error["text"]["content"], error["text"]["text_color"]) == ("⚠️ 没有看懂日期「31 Feb」。", "red")
    assert (given["default_value"], hint["text"]["content"]) == ("31 Feb", "如 下周三之前")


def test_what_is_wrong_with_the_form_as_a_whole_stands_above_its_fields():
    found = card(field(FieldKind.TEXT), wrong="R-1 已由 陈静 受理。")
    assert said(found) == "⚠️ 受理请求 R-1\n⚠️ R-1 已由 陈静 受理。\n完成时间"
    assert said(card(field(FieldKind.TEXT))) == "受理请求 R-1\n完成时间"


def test_how_to_write_a_moment_is_not_said_beside_a_calendar():
    assert "下周三" not in said(card(field(FieldKind.DATETIME, hint="如 下周三之前")))
    assert "下周三" in said(card(field(FieldKind.DATETIME, value="31 Feb", hint="如 下周三之前")))


def test_what_people_wrote_is_no_markup_in_a_form():
    hostile = "<at id=all></at> **粗** ![图](img_1)"
    found = card(FormField("due", hostile, FieldKind.TEXT, value=hostile, hint=hostile, error=hostile))
    assert said(found).count(hostile) == 4
    assert "<at" not in markdown(found) and "![" not in markdown(found)


def test_the_longest_lists_are_typed_where_all_of_them_are_too_much():
    asked = (field(FieldKind.SELECT, "few", options=named(30)), field(FieldKind.SELECT, "many", options=named(60)))
    found = card(*asked)
    assert element(found, "few")["tag"] == "select_static"
    assert element(found, "many")["tag"] == "input"
    assert "请输入名称。" in said(found)


def test_lists_give_way_to_what_was_filled_in():
    asked = (field(FieldKind.PERSON, options=people(200)), field(FieldKind.MULTILINE, "text", value="长" * 6_000))
    assert element(card(asked[0]))["tag"] == "select_person"
    assert element(card(*asked))["tag"] == "input"


def test_a_form_that_feishu_cannot_hold_says_so():
    asked = (FormField(f"f{n}", "内容", FieldKind.MULTILINE, value="长" * 9_000) for n in range(3))
    found = card(*asked)
    assert with_tag(found, "form") == []
    assert said(found) == f"⚠️ 受理请求 R-1\n{words('platform.form_too_long')}"


# --- buttons -------------------------------------------------------------------------------------


def test_its_buttons_know_the_form_and_whose_it_is():
    about = values.Form("request.accept?id=R-1#feishu:oc_1#n", "oc_1", False, "ou_9", "受理请求 R-1")
    found = card(field(FieldKind.TEXT))
    assert [values.read(value) for value in pressed(found)] == [about, values.Closing(about)]
    submit, cancel = with_tag(found, "button")
    assert (submit["form_action_type"], submit["text"]["content"]) == ("submit", "受理")
    assert ("form_action_type" in cancel, cancel["text"]["content"]) == (False, "暂不填写")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_to_leave_a_form_is_not_called_like_something_that_can_be_done(language):
    done = {text_of(language, f"verb.{verb.id}.{kind}") for verb in VERBS for kind in ("button", "label")}
    assert text_of(language, "platform.cancel") not in done - {None}


# --- back ----------------------------------------------------------------------------------------


def test_a_long_text_takes_several_inputs_and_is_one_again():
    text = "\n".join(f"{n}. " + "一段话。" * 40 for n in range(20))
    inputs = fields(with_tag(card(field(FieldKind.MULTILINE, required=True, value=text)), "form")[0])
    assert [each["name"] for each in inputs[:3]] == ["due", "due__2", "due__3"]
    assert [each["required"] for each in inputs] == [True] + [False] * (len(inputs) - 1)
    assert not any(each["default_value"].endswith("\n") for each in inputs)  # a client may trim it
    sent = {each["name"]: each["default_value"] for each in reversed(inputs)}
    assert forms.filled(sent) == {"due": text}


@pytest.mark.parametrize(
    ("length", "names"),
    [
        (0, ["due"]),
        (750, ["due"]),
        (751, ["due", "due__2"]),
        (1_000, ["due", "due__2"]),
        (1_001, ["due", "due__2x"]),
        (2_001, ["due", "due__2x", "due__3x"]),
    ],
)
def test_there_is_always_room_for_more(length, names):
    inputs = fields(with_tag(card(field(FieldKind.TEXT, value="长" * length)), "form")[0])
    assert [each["name"] for each in inputs] == names
    assert (
        forms.filled({each["name"]: each.get("default_value", "") for each in inputs}).get("due", "") == "长" * length
    )


def test_the_order_of_the_parts_does_not_depend_on_feishu():
    parts = {f"text__{n}x": str(n) for n in (10, 3, 2)} | {"text": "1"}
    assert forms.filled(parts) == {"text": "12310"}
    assert forms.filled({"text__2": "二", "text": "一"}) == {"text": "一\n二"}
    assert forms.filled({"text__2": "二", "text": ""}) == {"text": "二"}


@pytest.mark.parametrize("empty", [{}, {"due": ""}, {"due": []}, {"due": None}, {"due": [""]}])
def test_what_is_not_filled_in_is_left_out_in_whatever_shape_it_comes(empty):
    assert forms.filled(empty) == {}


def test_what_is_filled_in_is_read():
    sent = {"due": "2026-09-30 18:00 +0800", "owner": "ou_2", "others": ["ou_1", "ou_2"], "text": "一\n二"}
    assert forms.filled(sent) == sent


@pytest.mark.parametrize("forged", [None, "x", [], {5: "x"}, {"due": 5}, {"due": {}}, {"due": [5, None]}])
def test_what_is_forged_gives_nothing(forged):
    assert forms.filled(forged) == {}
