"""The words of a calendar: months, days of the week, and the small words of a date, in the languages of hospitals.

Typed in after the Unicode CLDR: English, Hebrew, Arabic, German, French, Russian, Spanish, and some neighbours.  Words
are compared folded, that is in small letters and without accents, points and hamzas.
"""

from __future__ import annotations

import unicodedata
from functools import cache

SHORTEST = 3  # letters of a month that is cut off, as in "Janu"
_MONTHS = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct"
    "|november nov|december dec",
    "januar jänner jän|februar feber|märz mär mrz|april|mai|juni|juli|august|september|oktober okt|november"
    "|dezember dez",
    "janvier janv|février févr fév|mars|avril avr|mai|juin|juillet juil|août|septembre|octobre|novembre|décembre déc",
    "enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto ago|septiembre setiembre set|octubre|noviembre"
    "|diciembre dic",
    "gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre|ottobre ott|novembre|dicembre",
    "janeiro|fevereiro fev|março|abril|maio|junho|julho|agosto|setembro|outubro out|novembro|dezembro",
    "januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december",
    "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
    "январь января янв|февраль февраля февр фев|март марта мар|апрель апреля апр|май мая|июнь июня июн"
    "|июль июля июл|август августа авг|сентябрь сентября сент сен|октябрь октября окт|ноябрь ноября нояб ноя"
    "|декабрь декабря дек",
    "січень січня січ|лютий лютого лют|березень березня бер|квітень квітня квіт кві|травень травня трав тра"
    "|червень червня черв чер|липень липня лип|серпень серпня серп сер|вересень вересня вер|жовтень жовтня жовт жов"
    "|листопад листопада лист лис|грудень грудня груд гру",
    "styczeń stycznia sty|luty lutego lut|marzec marca|kwiecień kwietnia kwi|maj maja|czerwiec czerwca cze"
    "|lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|październik października paź|listopad listopada lis"
    "|grudzień grudnia gru",
    "ocak oca|şubat şub|mart|nisan nis|mayıs|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|kasım kas"
    "|aralık ara",
    "ינואר ינו|פברואר פבר|מרץ מרס|אפריל אפר|מאי|יוני יונ|יולי יול|אוגוסט אוג|ספטמבר ספט|אוקטובר אוק|נובמבר נוב"
    "|דצמבר דצמ",
    "يناير كانون_الثاني جانفي|فبراير شباط فيفري|مارس آذار|أبريل إبريل نيسان أفريل|مايو أيار ماي|يونيو حزيران جوان"
    "|يوليو يوليوز تموز جويلية|أغسطس آب غشت أوت|سبتمبر أيلول شتنبر|أكتوبر تشرين_الأول|نوفمبر تشرين_الثاني نونبر"
    "|ديسمبر كانون_الأول دجنبر",
)
_WEEKDAYS = (
    "monday mon tuesday tues tue wednesday wed thursday thurs thur thu friday fri saturday sat sunday sun"
    " montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so"
    " lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim"
    " lunes martes miércoles mié jueves jue viernes vie sábado sáb domingo dom"
    " понедельник пн вторник вт среда ср четверг чт пятница пт суббота сб воскресенье вс"
    " יום ראשון שני שלישי רביעי חמישי שישי שבת א ב ג ד ה ו ש"
    " الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"
)
_SMALL = "de del of the at um uhr à a las le el den г год года в ב ה st nd rd th er o os"


def fold(text: str) -> str:
    """Return a text in small letters, without accents, points and hamzas."""
    return without_accents(text.casefold().replace("ı", "i"))


def without_accents(text: str) -> str:
    """Return a text without accents, points and hamzas; its letters are taken apart where they can be."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


@cache
def months() -> dict[str, int]:
    """Return the number of each month by its folded words and their beginnings; a word of two months is none."""
    found: dict[str, set[int]] = {}
    whole: dict[str, int] = {}
    for language in _MONTHS:
        for number, words in enumerate(language.split("|"), start=1):
            for word in fold(words).split():
                whole[word] = number
                for length in range(SHORTEST, len(word)):
                    found.setdefault(word[:length], set()).add(number)
    return {**{cut: min(numbers) for cut, numbers in found.items() if len(numbers) == 1}, **whole}


def month_of(word: str) -> int:
    """Return the number of a month by its folded word, 0 for another word; Hebrew writes "in" as its first letter."""
    return months().get(word) or months().get(word.removeprefix("ב"), 0)


def join_months(folded: str) -> str:
    """Return a folded text in which a month of two words is one word."""
    for word in _double():
        folded = folded.replace(word.replace("_", " "), word)
    return folded


def is_weekday(word: str) -> bool:
    """Tell whether a folded word is a day of the week."""
    return word in _folded(_WEEKDAYS)


def is_small_word(word: str) -> bool:
    """Tell whether a folded word says nothing in a date, such as "de" or "of"."""
    return word in _folded(_SMALL)


@cache
def _double() -> tuple[str, ...]:
    return tuple(w for text in _MONTHS for w in fold(text.replace("|", " ")).split() if "_" in w)


@cache
def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


@cache
def month_expression() -> str:
    """Return an expression for all whole words of months as they are written, longest first."""
    words = {w.replace("_", " ") for text in _MONTHS for w in text.replace("|", " ").split()}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
