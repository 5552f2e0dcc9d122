"""Cards and forms of any content: long, empty, hostile. For properties."""

from __future__ import annotations

from hypothesis import strategies as st

from commands.chat import Button, Card, Confirm, Fact, FieldKind, Form, FormField, Image, Option, Span, SpanKind, Tone

ATTACKS = (
    "<!channel> <!here> <@U0ANN> <#C1|x> <https://evil.example|文件>",
    "&lt;!channel&gt; &amp;amp; & < >",
    "<at id=all></at> <person id='ou_1'></person> ![图](img_1) [链接](https://evil.example)",
    "<font color='red'>红</font> <text_tag>x</text_tag> <hr> | a | b |\n|---|---|",
    "# 标题\n- 一\n1. 二\n    代码\n---\n===\n```\n$x$ `y`",
    ":smile: *粗* _斜_ ~删~ `码` > 引用",
    "一段中文，带标点。下一句！\n第二行",
    "👩‍👩‍👧‍👦 e\u0301 🇨🇳 👍🏽",
    "\u202e倒 \ud800 \x00 \u200b \ufeff",
    " ",
    "\n\n",
    "word " * 30,
    "{buttons} {n} {total}",
)
_short = st.text(max_size=12) | st.sampled_from(ATTACKS)
_times = st.sampled_from((1, 1, 1, 1, 3, 40, 400))
text = st.builds(lambda words, times: (words * times)[:20_000], _short, _times)
label = st.builds(lambda words, times: (words * times)[:400], _short, _times)
user = st.sampled_from(("U0ANN", "W1", "ou_0a1b", "zhangwei", "<@U1>", "ou_1></at><at id=all", "", "U" + "0" * 300))
href = st.sampled_from(
    ("https://files.example/x", "mailto:a@b.example", "javascript:alert(1)", "https://x y", "", "http://" + "a" * 4_000)
)
span = st.one_of(
    st.builds(Span, text, st.sampled_from((SpanKind.TEXT, SpanKind.BOLD))),
    st.builds(Span, label, st.just(SpanKind.PERSON), user, st.booleans()),
    st.builds(lambda words, to: Span(words, SpanKind.LINK, href=to), text, href),
)
line = st.lists(span, max_size=4).map(tuple)
confirm = st.builds(Confirm, label, text, label, label)
button = st.builds(
    Button,
    id=st.integers(0, 99).map(lambda n: f"request.accept?id=R-{n}") | st.just("长" * 333) | st.just("x" * 2_001),
    label=label,
    style=st.sampled_from(("default", "primary", "danger", "odd")),
    enabled=st.sampled_from((True, True, True, False)),
    twin=label,
    description=label,
    confirm=st.none() | confirm,
)
card = st.builds(
    Card,
    title=label,
    tone=st.sampled_from(Tone),
    body=st.lists(line, max_size=6).map(tuple),
    facts=st.lists(st.builds(Fact, label, line), max_size=6).map(tuple),
    buttons=st.lists(button, max_size=5).map(tuple) | st.builds(lambda b, n: (b,) * n, button, st.just(70)),
    image=st.none() | st.builds(Image, label, text),
)

option = st.builds(Option, st.sampled_from(("limin", "", "x" * 151, " ")) | label, label, st.none() | user)
options = st.lists(option, max_size=6).map(tuple) | st.builds(
    lambda n, by_id: tuple(Option(f"p{i}", f"人员 {i}", f"ou_{i}" if by_id else None) for i in range(n)),
    st.sampled_from((3, 101, 3_000, 10_001)),
    st.booleans(),
)


@st.composite
def fields(draw, name: str) -> FormField:
    kind = draw(st.sampled_from(FieldKind))
    offered = draw(options)
    known = st.sampled_from([option.value for option in offered]) if offered else label
    value = label | text if kind not in (FieldKind.SELECT, FieldKind.PERSON, FieldKind.DEPARTMENT) else known | label
    if kind is FieldKind.NUMBER:
        value = st.sampled_from(("", "5", "-12", "1.5", "五", "９"))
    held = draw(st.lists(known | label, max_size=4).map(tuple) if kind is FieldKind.MULTISELECT else value)
    return FormField(name, draw(label), kind, draw(st.booleans()), offered, held, draw(label), draw(label))


@st.composite
def forms(draw) -> Form:
    names = draw(st.lists(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), unique=True, max_size=5))
    return Form(
        draw(st.just("request.new#C1#n") | st.just("长" * 333)),
        draw(label),
        tuple(draw(fields(n)) for n in names),
        draw(label),
    )
