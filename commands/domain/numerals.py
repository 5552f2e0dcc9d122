"""Numbers and signs as people type them: full-width, traditional, spelled out."""

from __future__ import annotations

import re
import unicodedata

_CJK = "\u3007\u4e00-\u9fff"
_SIMPLIFIED = str.maketrans(
    "週後這點號個兩禮內國慶節時鐘間過從終開勞動誕嚴當幾萬餘",
    "周后这点号个两礼内国庆节时钟间过从终开劳动诞严当几万余",
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_SPACE_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
_MERIDIEM = re.compile(r"\b([ap])\. ?m\b\.?")

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ENGLISH = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ]
    )
} | {"a": 1, "an": 1, "twenty": 20, "thirty": 30}
# 两三天 and 三五天 are ranges, not 23 or 35: only properly formed numerals are read.
_CHINESE = re.compile(r"(?:([一二两三四五六七八九])百)?零?(?:([一二三四五六七八九])?(十))?([零一二两三四五六七八九])?")

NUMBER = (
    r"(?:[0-9]{1,6}(?:\.[0-9]{1,17})?|[零一二两三四五六七八九十百]{1,6}"
    rf"|(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b)"
)
"""A pattern for what `read_number` may be able to read."""


def plain(text: str) -> str:
    """One spelling for all: half-width, lower case, simplified, no spaces beside Chinese, no closing stop."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLIFIED).translate(_INVISIBLE)
    folded = " ".join(folded.replace("’", "'").split())
    folded = _MERIDIEM.sub(r"\1m", _SPACE_BESIDE_CJK.sub("", folded))
    return folded.strip(" 。,.!;、")


def read_number(word: str) -> float:
    """The value of `12`, `1.5`, `十二`, `两`, `twelve`; ValueError when it is not one definite number."""
    if word in _ENGLISH:
        return float(_ENGLISH[word])
    if word.isascii():
        return float(word)
    match = _CHINESE.fullmatch(word)
    if not match:
        raise ValueError(f"'{word}' is not one definite number.")
    hundreds, tens, ten, ones = match.groups()
    value = 100 * _DIGITS.get(hundreds, 0) + _DIGITS.get(ones, 0)
    return float(value + (10 * _DIGITS.get(tens, 1) if ten else 0))


def read_whole(word: str) -> int:
    """Like `read_number`, for things that come in whole numbers."""
    value = read_number(word)
    if value != int(value):
        raise ValueError(f"'{word}' is not a whole number.")
    return int(value)


def read_year(word: str) -> int:
    """The year of `2026`, `26` or `二〇二六` (digit by digit)."""
    value = int("".join(str(_DIGITS.get(sign, sign)) for sign in word))
    return value + 2000 if value < 100 else value
