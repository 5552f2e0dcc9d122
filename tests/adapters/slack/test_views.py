"""Forms as modals, and back."""

from __future__ import annotations

import pytest

from adapters.slack import views
from bot.language import text_of
from commands.chat import FieldKind, Form, FormField, Option
from support.slack.filling import state_of
from tests.adapters.slack.seen import of_type, problems

PEOPLE = (Option("limin", "李敏"), Option("zhangwei", "张伟"))


def words(key):
    return text_of("zh-CN", key) or key


def modal(*fields, title="受理请求 R-1"):
    view = views.modal(Form("request.accept?id=R-1#slack:C1#n", title, fields, "受理"), words, chat="C1", direct=False)
    assert problems(view) == []
    return view


def field(kind, **more):
    return FormField("due", "完成时间", kind, **more)


def element(view):
    return next(block["element"] for block in view["blocks"] if block["type"] == "input")


def sent(view, **filled):
    return views.values({"state": {"values": state_of(view["blocks"], filled, complete=False)}})


def people(count):
    return tuple(Option(f"p{n}", f"人员 {n}") for n in range(count))


# --- out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "options", "shown"),
    [
        (FieldKind.TEXT, (), "plain_text_input"),
        (FieldKind.MULTILINE, (), "plain_text_input"),
        (FieldKind.DATETIME, (), "plain_text_input"),
        (FieldKind.NUMBER, (), "number_input"),
        (FieldKind.SELECT, PEOPLE, "static_select"),
        (FieldKind.PERSON, PEOPLE, "static_select"),
        (FieldKind.DEPARTMENT, PEOPLE, "static_select"),
        (FieldKind.MULTISELECT, PEOPLE, "multi_static_select"),
        (FieldKind.SELECT, (), "plain_text_input"),
        (FieldKind.PERSON, (Option("x" * 151, "李敏"),), "plain_text_input"),
    ],
)
def test_each_kind_has_its_input(kind, options, shown):
    assert element(modal(field(kind, options=options)))["type"] == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (FieldKind.TEXT, "<!channel> &lt;", "<!channel> &lt;"),
        (FieldKind.DATETIME, "2026-09-30T18:00", "2026-09-30 18:00"),
        (FieldKind.DATETIME, "下周三之前", "下周三之前"),
        (FieldKind.NUMBER, "5", "5"),
        (FieldKind.NUMBER, "五", "五"),
        (FieldKind.TEXT, "", None),
    ],
)
def test_what_is_known_is_shown(kind, value, shown):
    assert element(modal(field(kind, value=value))).get("initial_value") == shown


def test_what_is_known_is_chosen_also_when_it_is_offered_no_more():
    one = element(modal(field(FieldKind.PERSON, options=PEOPLE, value="zhangwei")))
    assert one["initial_option"]["text"]["text"] == "张伟"
    gone = element(modal(field(FieldKind.PERSON, options=PEOPLE, value="hefang")))
    assert gone["initial_option"]["value"] == "hefang"
    many = element(modal(field(FieldKind.MULTISELECT, options=PEOPLE, value=("zhangwei", "hefang"))))
    assert [option["value"] for option in many["initial_options"]] == ["zhangwei", "hefang"]


def test_what_is_required_is_not_optional():
    assert [modal(field(FieldKind.TEXT, required=must))["blocks"][0]["optional"] for must in (True, False)] == [
        False,
        True,
    ]


def test_what_is_wrong_stands_above_its_field():
    wrong, asked = modal(field(FieldKind.DATETIME, error="没有看懂「下周八」"))["blocks"]
    assert wrong["elements"][0]["text"] == "⚠️ 完成时间：没有看懂「下周八」"
    assert asked["block_id"] == "field:due"


def test_a_long_title_is_cut_and_stands_below_as_a_whole():
    title = "关于新品X性能数据请求的替代方案的答复 R-1024"
    view = modal(field(FieldKind.TEXT), title=title)
    assert len(view["title"]["text"]) == 24 and view["title"]["text"].endswith("…")
    assert view["blocks"][0]["text"]["text"] == title


@pytest.mark.parametrize(("count", "lists"), [(100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_long_lists_are_grouped_by_their_first_and_last(count, lists):
    menu = element(modal(field(FieldKind.SELECT, options=people(count))))
    groups = menu.get("option_groups") or [menu]
    assert [len(group["options"]) for group in groups] == lists
    if len(lists) > 1:
        assert groups[0]["label"]["text"] == "人员 0 – 人员 99"


def test_lists_that_make_a_form_too_large_are_typed_the_longest_first():
    short = FormField("owner", "负责人", FieldKind.PERSON, options=PEOPLE)
    view = modal(field(FieldKind.MULTISELECT, options=people(3_000), value=("p7", "p8")), short)
    typed, listed = (block["element"] for block in view["blocks"])
    assert typed["type"] == "plain_text_input" and typed["initial_value"] == "人员 7\n人员 8"
    assert "每行一个" in view["blocks"][0]["hint"]["text"]
    assert listed["type"] == "static_select"


@pytest.mark.parametrize(("count", "shown"), [(100, "multi_static_select"), (101, "plain_text_input")])
def test_more_than_a_menu_can_hold_is_typed(count, shown):
    chosen = tuple(option.value for option in people(count))
    assert element(modal(field(FieldKind.MULTISELECT, options=people(200), value=chosen)))["type"] == shown


def test_a_long_label_goes_on_below_it():
    option = element(modal(field(FieldKind.SELECT, options=(Option("a", "一" * 100),))))["options"][0]
    assert option["text"]["text"] == "一" * 74 + "…"
    assert option["description"]["text"] == "一" * 26


def test_one_value_with_two_names_is_one_option():
    twice = (Option("a", "支持"), Option("a", "赞成"), Option("a", "支持"), Option("", "（不填）"))
    assert [o["text"]["text"] for o in element(modal(field(FieldKind.SELECT, options=twice)))["options"]] == [
        "支持 / 赞成"
    ]


def test_who_has_the_name_of_another_is_typed_by_id():
    same = (Option("w1", "王伟"), Option("w2", "王伟"), Option("x" * 151, "超长"))
    assert element(modal(field(FieldKind.PERSON, options=same, value="w2")))["initial_value"] == "w2"


def test_what_has_to_be_typed_is_named_where_it_is_not_too_much():
    few, many = (modal(field(FieldKind.SELECT, options=(*people(n), Option("x" * 151, "其他")))) for n in (2, 99))
    hints = [view["blocks"][0]["hint"]["text"] for view in (few, many)]
    assert hints == ["请输入名称。\n人员 0 / 人员 1 / 其他", "请输入名称。"]


def test_a_form_that_slack_cannot_hold_says_so():
    fields = tuple(FormField(f"f{n}", "内容", FieldKind.MULTILINE, value="长" * 20_000) for n in range(3))
    view = modal(*fields)
    assert "submit" not in view
    assert view["blocks"][0]["text"]["text"] == words("platform.form_too_long")


@pytest.mark.parametrize(
    "view", [views.note("结果", "很长。" * 3_000, words), views.note("", "", words), views.working(words)]
)
def test_a_note_can_be_shown(view):
    assert problems(view) == []
    assert "submit" not in view


def test_a_note_says_everything():
    text = "".join(f"第{n}句。" for n in range(2_000))
    assert "".join(b["text"]["text"] for b in of_type(views.note("结果", text, words), "section")) == text


# --- back ----------------------------------------------------------------------------------------


def test_a_long_text_takes_several_inputs_and_is_one_again():
    text = "\n".join(f"{n}. " + "一段话。" * 40 for n in range(60))
    view = modal(FormField("text", "内容", FieldKind.MULTILINE, required=True, value=text, hint="每行一项"))
    inputs = view["blocks"]
    assert len(text) > 9_000 and [block["block_id"] for block in inputs[:2]] == ["field:text", "field:text:2"]
    assert [block["optional"] for block in inputs] == [False] + [True] * (len(inputs) - 1)
    assert inputs[1]["label"]["text"] == f"内容 2/{len(inputs)}"
    assert sent(view) == {"text": text}
    assert sent(view, **{"field:text:2": "改过"})["text"].count("改过") == 1


def test_the_order_of_the_parts_does_not_depend_on_slack():
    state = {f"field:text:{n}": {"value": {"value": str(n)}} for n in (10, 3, 2)} | {
        "field:text": {"value": {"value": "1"}}
    }
    assert views.values({"state": {"values": state}}) == {"text": "12310"}


def test_what_was_filled_in_is_read():
    view = modal(
        field(FieldKind.DATETIME),
        FormField("owner", "负责人", FieldKind.PERSON, options=PEOPLE),
        FormField("others", "其他人", FieldKind.MULTISELECT, options=PEOPLE),
        FormField("rating", "评分", FieldKind.NUMBER),
    )
    filled = {"field:due": "下周三", "field:owner": "limin", "field:others": ["limin", "zhangwei"], "field:rating": "5"}
    assert sent(view, **filled) == {"due": "下周三", "owner": "limin", "others": ["limin", "zhangwei"], "rating": "5"}
    assert sent(view) == {"due": "", "owner": "", "others": [], "rating": ""}


@pytest.mark.parametrize(
    "state",
    [
        None,
        "x",
        {"values": None},
        {"values": []},
        {"values": {"other": {"value": {"value": "x"}}}},
    ],
)
def test_a_forged_state_gives_nothing(state):
    assert views.values({"state": state}) == {}


@pytest.mark.parametrize(
    "held",
    [
        None,
        {},
        {"value": None},
        {"value": {"value": 5}},
        {"value": {"value": ["x"]}},
        {"value": {"selected_option": "x"}},
        {"value": {"selected_option": {"value": {}}}},
    ],
)
def test_a_forged_value_is_empty(held):
    assert views.values({"state": {"values": {"field:due": held}}}) == {"due": ""}


def test_forged_options_are_left_out():
    options = [{"value": "a"}, {"value": 5}, None, "x", {}]
    assert views.values({"state": {"values": {"field:a": {"value": {"selected_options": options}}}}}) == {"a": ["a"]}
    assert views.values({"state": {"values": {"field:a": {"value": {"selected_options": "x"}}}}}) == {"a": []}


def test_problems_are_shown_beside_the_inputs_that_are_there():
    view = modal(field(FieldKind.DATETIME, error="旧"), FormField("title", "标题", FieldKind.TEXT))
    found = views.errors(view, {"due": "没有看懂", "gone": "没有这个字段", "title": ""})
    assert found == {"field:due": "没有看懂", "field:title": "–"}
    assert views.errors({}, {"due": "x"}) == views.errors({"blocks": "x"}, {"due": "x"}) == {}


def test_a_form_knows_what_it_was_opened_for():
    view = modal(field(FieldKind.TEXT))
    assert views.opened(view) == views.Opened("request.accept?id=R-1#slack:C1#n", "C1", False)


@pytest.mark.parametrize(
    "metadata", ["", None, 5, "{", "[]", "null", '{"form": 1, "chat": "C1", "direct": false}', '{"message": "C1:1"}']
)
def test_another_modal_is_no_form_of_ours(metadata):
    assert views.opened({"private_metadata": metadata}) is None
    assert views.opened({}) is None


def test_what_another_field_may_excuse_can_be_left_empty():
    sure, perhaps = field(FieldKind.TEXT, required=True), field(FieldKind.TEXT, required=True, excusable=True)
    assert modal(sure)["blocks"][0]["optional"] is False
    assert modal(perhaps)["blocks"][0]["optional"] is True
