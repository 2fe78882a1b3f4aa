import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.query.query_text import LONGEST, OPENING, clean_query, embedding_texts

#: Any text at all, halves of characters included, and what mail and logs are made of, at lengths that matter.
ANYTHING = st.text(st.characters(), max_size=900)
MADE_OF_LINES = ("> quoted", "```", "-- ", "--", "\n", "\n\n", "From: a@b.example", "On 3 May, 10:00, A <a@b> wrote:")
MADE_OF_WORDS = (
    "Where is my order?",
    "如何重置密码",
    "https://a.example/b",
    "0x7ffdeadbeef",
    "/usr/lib/x",
    "a=b",
    "🦆",
)
MADE_BY_MACHINES = (
    "x" * 250,
    "-" * 90,
    "é" * 90,
    "\ud800",
    " ",
    "\x00",
    "2026-03-02 09:00:00 INFO",
    "Sent from my iPhone",
)
PIECES = st.sampled_from(MADE_OF_LINES + MADE_OF_WORDS + MADE_BY_MACHINES)
MESSAGES = ANYTHING | st.lists(PIECES, max_size=120).map("".join) | st.lists(PIECES, max_size=120).map("\n".join)

ASKED = (
    "Since last week my hub loses its connection to the lamp in the kitchen whenever the microwave is running. "
    "I have moved the hub to the other shelf, restarted both of them twice and changed the channel of the router, "
    "and for an hour it looked as if that had helped. Then it began again, and now the lamp is shown as offline "
    "even late at night. The other lamps on the same floor are fine, and so are the sensors. "
    "Is there a way to pair the lamp again without losing its schedule?"
)


@given(MESSAGES)
@example("")
@example(" \n\t")
@example("\n" * 50_000)
@example("x" * 50_000)
@example("é" * 50_000)
@example("🦆" * 50_000)
@example("\ud800" * 1_000)
@example("a" + " " * 5_000 + "b")
@example("`" * 5_000)
@example("\x00\x01\x1c\u2028" * 500)
def test_every_message_has_one_or_two_bounded_views_without_space_around_them(message: str) -> None:
    views = embedding_texts(message)
    assert 1 <= len(views) <= 2
    assert all(view == view.strip() for view in views)
    assert len(views[0]) <= LONGEST
    if len(views) == 2:
        assert len(views[1]) <= OPENING < len(views[0])
        assert views[0].startswith(views[1])
        assert len(views[1]) > OPENING // 3
    assert clean_query(message) == views[0]
    assert bool(views[0]) == bool(message.strip())


@given(st.lists(PIECES, max_size=20).map("\n".join) | st.text(st.characters(), max_size=OPENING))
def test_short_messages_are_only_trimmed(message: str) -> None:
    if len(message.strip()) <= OPENING:
        assert embedding_texts(f"\n {message}\t") == (message.strip(),)


@pytest.mark.parametrize(
    "message",
    [
        "x" * 50_000,
        "\n" * 50_000 + "a" + "\n" * 50_000 + "b",
        "> " * 25_000,
        "a." * 25_000,
        "a@" + ":1" * 25_000,
        "at " + "a." * 25_000,
        "-" * 9_999 + "é" * 10_001,
        "a(" * 25_000,
        "/" + "a" * 50_000,
        "1a" * 25_000,
        "https://" * 7_000,
        "wrote 10:00 " * 4_000,
        "wrote 10:00 @\n" * 4_000,
        "From: a:\n" * 6_000,
        "``` \n" * 10_000,
        '"' * 50_000,
        " \x00" * 25_000,
    ],
    ids=lambda message: repr(message[:12]),
)
def test_hostile_messages_take_no_longer_than_others(message: str) -> None:
    began = time.process_time()
    assert embedding_texts(message)
    assert time.process_time() - began < 0.5


def test_a_long_message_that_is_all_question_is_kept_word_for_word_with_its_opening() -> None:
    whole, opening = embedding_texts(ASKED)
    assert whole == ASKED
    assert opening == ASKED[: ASKED.index(" The other lamps")]


@pytest.mark.parametrize(
    "asked",
    [
        "Nach dem letzten Update finde ich die Zeitpläne nicht mehr, weder in der App noch im Browser! ",
        "Depuis hier : l'application « Maison » ne s'ouvre plus ; que faut-il faire ? ",
        "更新以后，厨房的灯一直显示离线，我已经重新启动了集线器两次。怎样才能重新配对？",
        "अपडेट के बाद से रसोई की बत्ती ऑफ़लाइन दिखती है, मैं इसे दोबारा कैसे जोड़ूँ? ",
        "หลังจากอัปเดตแล้วไฟในครัวออฟไลน์ตลอดเวลา ต้องทำอย่างไร ",
        "بعد التحديث يظهر مصباح المطبخ غير متصل، كيف يمكنني إقرانه من جديد؟ ",
        "После обновления лампа на кухне всё время не в сети, как подключить её снова? ",
    ],
    ids=["de", "fr", "zh", "hi", "th", "ar", "ru"],
)
def test_no_language_is_taken_for_noise(asked: str) -> None:
    message = (asked * 15).strip()
    whole, opening = embedding_texts(message)
    assert len(whole) >= min(len(message), LONGEST // 2)
    assert message.startswith(whole)
    assert message.startswith(opening)


NOISE = {
    "quoted lines": "> Dear customer,\n> please restart the hub.\n>> My lamp is offline.",
    "signature": "-- \nMaria Muster\nHead of Facilities\nExample GmbH, Berlin",
    "signature of a telephone": "Sent from my iPhone",
    "signature of a telephone, in German": "Von meinem iPhone gesendet",
    "signature of a telephone, in French": "Envoyé de mon iPhone",
    "quotation by Gmail": "On Mon, Mar 2, 2026 at 9:00 AM Help <help@shop.example> wrote:\n> Restart it.",
    "quotation without marks": "Am Mo., 2. März 2026 um 09:00 schrieb Hilfe <hilfe@shop.example>:\n\nNeustart hilft.",
    "quotation by Outlook": "From: Help <help@shop.example>\nSent: Monday, March 2, 2026 9:00 AM\nTo: Maria\n"
    "Subject: Your lamp\n\nHave you restarted the hub?",
    "log": "2026-03-02 09:00:01,123 ERROR hub lost the connection\n[2026-03-02T09:00:02Z] retrying\n"
    "Mar  2 09:00:03 hub kernel: link down\n09:00:04 giving up",
    "Python stack trace": 'Traceback (most recent call last):\n  File "/opt/hub/main.py", line 12, in <module>',
    "Java stack trace": "\tat com.example.hub.Radio.send(Radio.java:123)\n\tat com.example.hub.Main.main(Main.java:7)",
    "code": "```\nfor lamp in lamps:\n    lamp.pair()\n```",
    "settings": "radio.channel=11 radio.power=20\nmode=auto retries=3",
    "paths": "/var/log/hub/radio.log /var/log/hub/main.log /etc/hub/radio.conf",
    "hex": "7f 45 4c 46 02 01 01 00 00 00\nbp-e4de3fd4-0b5a-45fd-bd33-970980221208 bp-c41d04a8-5e87-475a-8d5c-0497",
    "lines that divide": "===========================\n---------------------------",
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_what_mail_programs_and_machines_wrote_is_left_out(noise: str) -> None:
    assert clean_query(f"{ASKED}\n\n{noise}\n") == ASKED


def test_a_log_without_line_ends_is_left_out_of_the_middle_of_a_message() -> None:
    log = " ".join(f"radio.tx.{place}={place * 7919:#x} /dev/radio{place}/tx" for place in range(60))
    cleaned = clean_query(f"{ASKED} {log} Thanks for looking into this, it is driving all of us at the office mad.")
    assert cleaned.startswith(ASKED)
    assert cleaned.endswith("it is driving all of us at the office mad.")
    assert len(cleaned) < len(ASKED) + 250


def test_answers_between_quoted_lines_are_kept() -> None:
    mail = (
        "On Mon, Mar 2, 2026 at 9:00 AM Help <help@shop.example> wrote:\n> Have you restarted the hub?\n"
        f"Yes, twice.\n> What happened then?\n{ASKED}"
    )
    assert clean_query(mail) == f"Yes, twice.\n{ASKED}"


def test_an_address_leaves_the_name_of_its_site() -> None:
    asked = f"I cannot log in at https://my.shop.example/account/login?next=%2Forders with the tablet. {ASKED}"
    assert clean_query(asked) == f"I cannot log in at my.shop.example with the tablet. {ASKED}"


def test_an_address_ends_where_a_text_without_spaces_goes_on() -> None:
    asked = "我打不开https://shop.example/login这个页面，请问应该怎么办？" * 20
    assert clean_query(asked).startswith("我打不开shop.example这个页面，请问应该怎么办？")


@pytest.mark.parametrize(
    "line",
    [
        "SSL_ERROR_BAD_CERT_DOMAIN",
        "0x80070057",
        "```Error 17: the lamp is not known to this hub```",
        "I cannot open C:\\Users\\maria\\AppData\\Roaming\\Hub\\settings.json",
        "At 10:30 the app says that the password is wrong:",
        "at home (on the second floor) all is well",
        "I sent from the shop in Berlin what you asked for.",
    ],
)
def test_errors_and_sentences_that_look_a_little_like_noise_are_kept(line: str) -> None:
    cleaned = clean_query(f"{ASKED}\n{line}\nWhat can I do?")
    assert cleaned == f"{ASKED}\n{line.replace('```', ' ').strip()}\nWhat can I do?"


def test_fields_that_are_no_mail_header_do_not_end_a_message() -> None:
    message = f"From: Berlin\nTo: Paris\nParcel: two boxes\n{ASKED}"
    assert clean_query(message) == message


def test_two_dashes_far_from_the_end_divide_a_message() -> None:
    rest = "\n".join(f"And another thing that does not work is lamp {letter}." for letter in "abcdefghijklm")
    assert clean_query(f"{ASKED}\n--\n{rest}").endswith("lamp m.")


def test_a_title_is_kept_although_it_is_no_words() -> None:
    assert clean_query(f"SEC_ERROR_0x17 10.0.1 11.2.0\n{ASKED}") == f"SEC_ERROR_0x17 10.0.1 11.2.0\n{ASKED}"


@pytest.mark.parametrize("word", ["", "See below."])
def test_a_message_of_which_nothing_would_be_left_is_taken_as_it_is(word: str) -> None:
    quoted = word + "\n" + "\n".join(f"> {line}." for line in ASKED.split(". "))
    assert clean_query(quoted) == " ".join(quoted.split())


def test_a_question_beside_a_long_log_is_a_single_view() -> None:
    log = "\n".join(f"2026-03-02 09:00:{second:02} INFO radio is sending" for second in range(60))
    assert embedding_texts(f"Why is my lamp offline every evening?\n{log}") == (
        "Why is my lamp offline every evening?",
    )


def test_a_long_message_is_cut_at_the_end_of_a_sentence_or_else_of_a_word() -> None:
    unending = ASKED.replace(".", ",").replace("?", ",") + " and so on" * 400
    whole, opening = embedding_texts(unending)
    assert unending.startswith(whole + " ")
    assert unending.startswith(opening + " ")
    assert LONGEST - 20 < len(whole) <= LONGEST
    assert OPENING - 20 < len(opening) <= OPENING
