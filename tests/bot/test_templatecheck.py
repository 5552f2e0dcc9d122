"""What the doctor says about card templates: ours compile, and a broken one is named with its line."""

import pytest

from bot.templatecheck import problems

GOOD = "<card><title>{{ t('request.title') }}</title></card>"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cards").mkdir()
    return tmp_path


def test_our_own_are_whole():
    assert list(problems()) == []


def test_a_good_one_of_an_operator_is_no_problem(folder):
    (folder / "cards" / "request.xml.j2").write_text(GOOD)
    assert list(problems(folder)) == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<card>\n<title>x</title>\n{% if a %}\n</card>", 4),
        ("<card>\n{{ a|safe }}</card>", 2),
        ("<card>\n\n{% include 'b' %}</card>", 3),
        ('<card><p><a href="{{ a }}">x</a></p></card>', 1),
    ],
    ids=["unclosed", "filter that makes markup", "include", "value in a link"],
)
def test_a_broken_one_is_named_with_its_line(folder, source, line):
    file = folder / "cards" / "request.xml.j2"
    file.write_text(source)
    (found,) = problems(folder)
    assert found.startswith(f"{file}:{line}: ")


def test_one_that_is_no_text_is_named(folder):
    file = folder / "cards" / "task.xml.j2"
    file.write_bytes(b"\xff\xfe\x00")
    (found,) = problems(folder)
    assert found.startswith(f"{file}:1: ")


def test_one_that_no_card_would_use_is_named(folder):
    (folder / "cards" / "requests.xml.j2").write_text(GOOD)
    (folder / "request.xml.j2").write_text(GOOD)
    misnamed, misplaced = sorted(problems(folder))
    assert "no card is called requests" in misnamed
    assert "belongs into" in misplaced


def test_a_folder_that_is_not_there_is_named(tmp_path):
    (found,) = problems(tmp_path / "none")
    assert "none" in found
