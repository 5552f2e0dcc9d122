"""The page in a real browser, with the small town behind it."""

import os
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.base import Target
from commands.chat import Answer, Button, Card, Fact, FieldKind, Form, FormField, Image, Option, Span, SpanKind
from tests.adapters.sandbox.serving import serve

CHROMIUM = os.environ.get("LIAISON_CHROMIUM", "/usr/bin/chromium")
URGENT = "/request 紧急 @研发部 客户现场停机"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all: starting it takes longer than most tests
    pytest.mark.skipif(not Path(CHROMIUM).exists() and not os.environ.get("CI"), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser():
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def served():
    async with serve() as town:
        yield town


@pytest.fixture
def opens(browser, served):
    """Opens the page as somebody in a chat; nothing may go wrong in the console meanwhile."""

    @asynccontextmanager
    async def opens(person="limin", chat="newx", width=1280, height=800, tour=False, **options):
        context = await browser.new_context(viewport={"width": width, "height": height}, **options)
        remembered = {"person": person, "chat": chat, **({} if tour else {"tour": "seen"})}
        for name, value in remembered.items():
            await context.add_init_script(
                f"localStorage.getItem('liaison.{name}') ?? localStorage.setItem('liaison.{name}', '{value}')"
            )
        page = await context.new_page()
        page.set_default_timeout(8000)
        wrong = []
        page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        await page.goto(served.url)
        await page.wait_for_selector("body[data-ready]")
        yield page
        assert wrong == []
        await context.close()

    return opens


async def says(page, text):
    await page.fill("#words", text)
    await page.keyboard.press("Enter")


def card(page, title):
    return page.get_by_role("region", name=title).last


async def overflows(page):
    return await page.evaluate(
        "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
    )


async def test_from_the_command_to_the_card_replaced_in_place(opens):
    async with opens() as limin, opens("zhangwei") as zhangwei:
        await says(limin, URGENT)
        request = card(limin, "R-1 协作需求（紧急）")
        await request.wait_for()
        assert "紧急" in await request.locator(".tone").inner_text()
        id = await zhangwei.locator("article:has(.card)").last.get_attribute("data-id")
        await zhangwei.get_by_role("button", name="受理 R-1", exact=True).click()
        dialog = zhangwei.get_by_role("dialog", name="受理 R-1")
        await dialog.get_by_label("完成时间 必填").fill("9月30日 18:00")
        await dialog.get_by_role("button", name="受理", exact=True).click()
        await dialog.wait_for(state="detached")
        changed = zhangwei.locator(f'article[data-id="{id}"]')
        await changed.get_by_text("张伟 已受理").wait_for()
        assert "已编辑 10:30" in await changed.inner_text()
        assert await changed.get_by_role("button", name="受理 R-1", exact=True).is_disabled()
        await card(limin, "R-1 协作需求（紧急）").get_by_text("张伟 已受理").wait_for()


async def test_a_private_answer_is_seen_by_one_only(opens):
    async with opens() as limin, opens("wanglei") as wanglei:
        await says(limin, "/request")
        await limin.get_by_text("可以这样说").wait_for()
        assert await limin.get_by_text("仅你可见").count() == 1
        await wanglei.get_by_text("/request").wait_for()
        assert await wanglei.get_by_text("可以这样说").count() == 0
        assert await wanglei.get_by_text("仅你可见").count() == 0


async def test_a_form_asks_again_beside_the_field(opens, served):
    async with opens("zhangwei") as page:
        await served.says("limin", URGENT)
        await page.get_by_role("button", name="不受理 R-1").click()
        await page.get_by_role("button", name="不受理", exact=True).click()
        await page.get_by_text("请至少写 10 个字").wait_for()
        reason = page.get_by_role("textbox", name="原因 必填")
        assert await reason.get_attribute("aria-invalid") == "true"
        assert await page.evaluate("document.activeElement.id") == "field-reason"
        described = (await reason.get_attribute("aria-describedby")).split()
        words = [await page.locator(f"#{id}").inner_text() for id in described]
        assert words == ["至少 10 个字，会转给李敏", "请至少写 10 个字"]
        await reason.fill("本周排期已满，且缺少测试样机")
        await page.get_by_role("button", name="不受理", exact=True).click()
        await page.get_by_text("张伟 不受理").wait_for()


async def test_every_kind_of_field_is_sent_as_the_core_expects(opens, served):
    async with opens() as page:
        await says(page, "/request new")
        dialog = page.get_by_role("dialog", name="发起协作需求")
        await dialog.get_by_label("牵头部门").select_option("rd")
        await dialog.get_by_label("研发部", exact=True).check()
        await dialog.get_by_label("需求内容").fill("紧急数据")
        await dialog.get_by_label("期望完成", exact=True).fill("下周三之前")
        await dialog.get_by_label("预算").fill("3.5")
        await dialog.get_by_role("button", name="发起").click()
        await card(page, "R-1").wait_for()
        assert dict(served.core.events[-1].values) == {
            "lead": "rd",
            "support": ["rd", "design"],
            "content": "紧急数据",
            "urgency": "normal",
            "due": "下周三之前",
            "budget": "3.5",
        }


async def test_a_button_may_ask_before_it_acts(opens, served):
    async with opens("wanglei") as page:
        await served.says("limin", URGENT)
        button = page.get_by_role("button", name="需补充 R-1")
        await button.click()
        question = page.get_by_role("alertdialog", name="要求补充？")
        await question.get_by_role("button", name="再想想").click()
        assert len(served.core.events) == 1
        await button.click()
        await question.get_by_role("button", name="要求补充").click()
        await page.get_by_text("仅研发部接口人可答复。").wait_for()


async def test_the_words_of_the_page_follow_person_and_switch(opens):
    async with opens() as page:
        assert await page.get_by_role("button", name="发送").count() == 1
        assert await page.evaluate("document.documentElement.lang") == "zh-CN"
        await page.get_by_role("button", name="English").click()
        assert await page.get_by_role("button", name="Send").count() == 1
        assert await page.evaluate("document.documentElement.lang") == "en"
        assert "Wed 23 Sep" in await page.locator(".clock").inner_text()
    async with opens("chenjing") as page:
        assert await page.get_by_role("button", name="Send").count() == 1


async def test_both_languages_say_everything(opens):
    async with opens() as page:
        keys = await page.evaluate(
            "import('/page/words.js').then(({catalogue}) => Object.values(catalogue).map((words) => Object.keys(words).sort()))"
        )
        assert keys[0] == keys[1]
        same_places = await page.evaluate(
            """import('/page/words.js').then(({catalogue: {zh, en}}) => Object.keys(zh).filter((key) =>
               JSON.stringify((zh[key].match(/\\{\\w+\\}/g) ?? []).sort()) !== JSON.stringify((en[key].match(/\\{\\w+\\}/g) ?? []).sort())))"""
        )
        assert same_places == []


async def test_with_the_keyboard_alone(opens, served):
    async with opens() as page:
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "skip"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "words"
        await page.keyboard.type("/req")
        assert await page.get_by_role("option").count() == 2
        await page.keyboard.press("ArrowDown")
        assert await page.get_by_role("option", selected=True).inner_text() == "/request 紧急\n两小时内必须答复"
        await page.keyboard.press("Enter")
        assert await page.input_value("#words") == "/request 紧急 @研发部 "
        await page.keyboard.type("停机")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("第二行")
        await page.keyboard.press("Enter")
        request = card(page, "R-1")
        await request.wait_for()
        assert served.core.events[0].text == "/request 紧急 @研发部 停机\n第二行"
        await page.locator(".me").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="张伟，研发部").wait_for()
        accept = page.get_by_role("button", name="受理 R-1", exact=True)
        await accept.focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").wait_for()
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="detached")
        assert await accept.evaluate("(element) => element === document.activeElement")


async def test_the_input_method_may_use_enter_for_itself(opens, served):
    async with opens() as page:
        await page.fill("#words", "/request ting")
        await page.locator("#words").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        assert served.core.events == []


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
async def test_nothing_hangs_over_the_edge(opens, served, width):
    await served.says("limin", URGENT)
    wide = "很长的词" * 30 + "x" * 200
    await served.adapter.post(Target(chat="newx"), Card(wide, facts=(Fact("标签", (Span(wide),)),)), key="wide")
    async with opens("zhangwei", width=width, height=780) as page:
        assert not await overflows(page)
        if width < 860:
            await page.get_by_role("button", name="打开会话列表").click()
            await page.get_by_role("navigation").get_by_role("button", name="研发部", exact=True).click()
            await page.get_by_role("heading", name="研发部", level=1).wait_for()
            assert not await overflows(page)
        await page.get_by_role("button", name="导览").click()
        await page.get_by_role("complementary", name="新手导览").wait_for()
        assert not await overflows(page)


async def test_what_a_screen_reader_finds(opens, served):
    await served.says("limin", URGENT)
    async with opens("zhangwei") as page:
        tree = await page.locator("body").aria_snapshot()
        for found in (
            "- banner:",
            "- navigation",
            "- main:",
            "- log",
            '- heading "新品X" [level=1]',
            '- region "R-1 协作需求（紧急）"',
            '- button "受理 R-1"',
            '- button "不受理 R-1"',
            '- textbox "输入消息"',
            '- button "发送"',
        ):
            assert found in tree, tree
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('button, input, textarea, select')].filter((one) => one.checkVisibility() && !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).length"
        )
        assert unnamed == 0


async def test_foreign_text_stays_text(opens, served):
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&lt;{{7*7}}"
    served.core.reply = lambda event: Answer(
        form=Form(
            "f",
            evil,
            (
                FormField('a"b', evil, FieldKind.SELECT, options=(Option(evil, evil),), hint=evil, error=evil),
                FormField("m", evil, FieldKind.MULTISELECT, options=(Option(evil, evil),), value=(evil,)),
            ),
            evil,
        )
    )
    link = Span(evil, SpanKind.LINK, href="javascript:alert(3)")
    button = Button(evil, evil, description=evil, twin=evil)
    shown = Card(
        evil,
        body=((Span(evil), Span(evil, SpanKind.BOLD), link),),
        facts=(Fact(evil, (Span(evil),)),),
        buttons=(button,),
    )
    await served.adapter.post(Target(chat="newx"), shown, key="k")
    async with opens() as page:
        await says(page, f"/{evil}")
        await page.get_by_role("dialog").wait_for()
        assert await page.locator("dialog h2").inner_text() == evil
        await page.get_by_role("dialog").get_by_role("button", name=evil).last.click()
        assert await page.locator(".card h3").inner_text() == evil
        assert await page.locator(".card img, .card script, .bubble img, .card a, dialog img").count() == 0


async def test_unread_marks_lead_from_person_to_person(opens, served):
    async with opens() as page:
        await says(page, URGENT)
        waiting = page.locator('[data-waiting="zhangwei"]')
        await waiting.wait_for()
        assert "提到了你" in await waiting.inner_text()
        await waiting.click()
        await card(page, "R-1").wait_for()
        _, state = await served.get("/api/state")
        assert state["unread"]["zhangwei"] != {}
        await page.locator('.place:has-text("新品X")').click()
        await page.locator('.place:has-text("接口人")').click()
        await page.wait_for_function(
            "() => fetch('/api/state').then((r) => r.json()).then((s) => !Object.keys(s.unread.zhangwei).length)"
        )


async def test_time_is_moved_by_its_buttons(opens, served):
    async with opens() as page:
        await says(page, URGENT)
        await page.get_by_role("button", name="下一件到期 12:30").click()
        await page.get_by_text("期间发出 1 条消息").wait_for()
        assert "12:30" in await page.locator(".clock").inner_text()
        await page.get_by_role("button", name="下班 18:00").click()
        await page.get_by_text("期间没有新消息").wait_for()
        await page.get_by_role("button", name="+2 小时").click()
        await page.locator(".face-now b", has_text="20:00").wait_for()


async def test_a_real_clock_has_no_buttons(opens, served):
    served.clock.manual = False
    async with opens() as page:
        assert "真实时间" in await page.locator(".clock").inner_text()
        assert await page.locator(".clock button").count() == 0


async def test_the_tour_leads_from_the_request_to_the_ruling(opens, served):
    async with opens("wanglei", tour=True) as page:
        tour = page.get_by_role("complementary", name="新手导览")
        titles = []
        for _ in range(8):
            title = await tour.get_by_role("heading").inner_text()
            titles.append(title)
            await tour.get_by_role("button", name="替我操作").click()
            await page.wait_for_function(
                "(title) => document.querySelector('.tour h2').textContent !== title", arg=title
            )
        assert await tour.get_by_role("heading").inner_text() == "这就是一次闭环"
        assert len(set(titles)) == 8
        assert served.core.requests["R-1"].state == "ruled"
        await tour.get_by_role("button", name="完成").click()
        await tour.wait_for(state="hidden")
        await page.reload()
        await page.wait_for_selector("body[data-ready]")
        assert await tour.count() == 0


async def test_the_tour_waits_for_the_real_thing(opens, served):
    async with opens(tour=True) as page:
        heading = page.locator(".tour h2")
        assert await heading.inner_text() == "发起一个紧急需求"
        await says(page, "大家好")
        await page.get_by_text("大家好").wait_for()
        assert await heading.inner_text() == "发起一个紧急需求"
        await says(page, URGENT)
        await page.locator(".tour h2", has_text="换到对方部门").wait_for()
        await page.locator('[data-waiting="zhangwei"]').click()
        await page.locator(".tour h2", has_text="没有人答复").wait_for()


async def test_a_picture_has_its_words(opens, served):
    await served.adapter.post(Target(chat="newx"), Card("甘特图", image=Image("dot", "三项任务，一项延期")), key="k")
    async with opens() as page:
        picture = page.get_by_role("link", name="查看大图：三项任务，一项延期")
        await picture.wait_for()
        await page.wait_for_function("() => document.querySelector('.picture img').naturalWidth > 0")
        assert await page.locator(".picture img").get_attribute("alt") == "三项任务，一项延期"


async def test_dark_and_still(opens):
    async with opens(color_scheme="dark", reduced_motion="reduce") as page:
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 20)"


async def test_who_reads_the_end_stays_there_and_who_reads_above_is_told(opens, served):
    for number in range(30):
        await served.says("limin", f"第 {number} 条")
    gap = "(({scrollHeight, scrollTop, clientHeight}) => scrollHeight - scrollTop - clientHeight)(document.querySelector('#scroll'))"
    async with opens() as page:
        await page.wait_for_function(f"() => {gap} < 4")
        await served.adapter.post(Target(chat="newx"), Card("甘特图", image=Image("dot", "图")), key="k")
        await page.wait_for_function("() => document.querySelector('.picture img')?.naturalWidth > 0")
        await page.wait_for_function(f"() => {gap} < 4")
        await page.locator("#scroll").focus()
        await page.keyboard.press("Home")
        await page.wait_for_function("() => document.querySelector('#scroll').scrollTop === 0")
        await served.says("zhangwei", "新的一条")
        jump = page.get_by_role("button", name="有新消息", exact=True)
        await jump.click()
        await page.get_by_text("新的一条").wait_for()
        await page.wait_for_function(f"() => {gap} < 4")
        assert await jump.count() == 0, "nothing is new any more"
