"""Remarks and wishes by kind, a table of each language; and that a long text is read, however nasty."""

from typing import get_args

import pytest

from bot.conversation.lexicon.sayings import Sayings
from bot.conversation.text.choice_reply import declines, is_no, is_yes, read_choice
from bot.conversation.text.complaints import is_angry, says_wrong
from bot.conversation.text.correction import corrected
from bot.conversation.text.human_wish import wants_person
from bot.conversation.text.intents import Intent, read_intent
from bot.conversation.text.negation import unwanted_clauses
from bot.conversation.text.questions import questions_in
from bot.conversation.text.remarks import LONGEST_REMARK, RemarkKind, read_remark
from channels.message import Choice

#: By language: what is said, and what it is for. A kind after a dash is the step that is wished.
SAID: dict[str, dict[str, str]] = {
    "en": {
        "Hi there, quick question": "opener",
        "could you help me out please?": "opener",
        "hello, anyone there?": "presence",
        "how's it going?": "how_are_you",
        "am I talking to a robot?": "bot",
        "perfect": "ack",
        "hang on, let me check": "pause",
        "forget about it": "never_mind",
        "yep, it's working again": "solved",
        "been there, tried that already": "tried",
        "phone me back please": "human",
        "I'd rather go on with the bot": "bot_again",
        "wipe everything you know about me": "forget",
        "Is it working with Android?": "question",
        "I have a question about returns": "question",
        "great lamp": "question",
        "Do I need an agent to set it up?": "question",
    },
    "sv": {
        "hejsan, jag undrar en sak": "opener",
        "är det någon där?": "presence",
        "hur är läget?": "how_are_you",
        "pratar jag med en robot?": "bot",
        "kanon": "ack",
        "vänta lite, jag ska kolla": "pause",
        "strunt samma": "never_mind",
        "nu är det löst": "solved",
        "det har jag redan testat": "tried",
        "ring mig tack": "human",
        "tillbaka till boten": "bot_again",
        "jag har en fråga om returer": "question",
        "hur mår batteriet": "question",
    },
    "de": {
        "Hallo, ich hätte da mal eine Frage": "opener",
        "ist da jemand?": "presence",
        "wie geht's?": "how_are_you",
        "bist du ein Mensch?": "bot",
        "alles klar": "ack",
        "Moment, ich schaue mal": "pause",
        "vergessen Sie es": "never_mind",
        "jetzt läuft es wieder": "solved",
        "das habe ich schon alles probiert": "tried",
        "bitte rufen Sie mich zurück": "human",
        "zurück zum Bot": "bot_again",
        "Ich habe eine Frage zur Rechnung": "question",
        "Wie geht es dem Akku im Winter?": "question",
    },
    "es": {
        "buenas, tengo una duda": "opener",
        "¿hay alguien ahí?": "presence",
        "¿cómo estás?": "how_are_you",
        "¿eres un robot?": "bot",
        "genial": "ack",
        "espera, lo pruebo": "pause",
        "olvídalo": "never_mind",
        "ya funciona": "solved",
        "eso ya lo he probado": "tried",
        "que me llame una persona": "human",
        "volver al asistente": "bot_again",
        "tengo una duda sobre el envío": "question",
        "no funciona": "tried",
    },
    "fr": {
        "Bonjour, j'ai une petite question": "opener",
        "il y a quelqu'un ?": "presence",
        "comment ça va ?": "how_are_you",
        "vous êtes un robot ?": "bot",
        "parfait": "ack",
        "un instant, je regarde": "pause",
        "laissez tomber": "never_mind",
        "ça marche maintenant": "solved",
        "j'ai déjà essayé ça": "tried",
        "appelez-moi svp": "human",
        "retour à l'assistant": "bot_again",
        "j'ai une question sur la livraison": "question",
    },
    "da": {
        "hej, jeg har et spørgsmål": "opener",
        "er der nogen?": "presence",
        "er du en robot?": "bot",
        "fedt": "ack",
        "et øjeblik": "pause",
        "glem det": "never_mind",
        "nu virker det": "solved",
        "det har jeg prøvet": "tried",
        "ring til mig": "human",
        "jeg har et spørgsmål om retur": "question",
    },
    "nb": {
        "hei, jeg har et spørsmål": "opener",
        "er det noen der?": "presence",
        "er du en robot?": "bot",
        "flott": "ack",
        "vent litt": "pause",
        "glem det": "never_mind",
        "nå funker det": "solved",
        "det har jeg prøvd": "tried",
        "ring meg": "human",
        "jeg har et spørsmål om retur": "question",
    },
    "fi": {
        "hei, minulla on kysymys": "opener",
        "onko siellä joku?": "presence",
        "oletko robotti?": "bot",
        "hienoa": "ack",
        "hetki vain": "pause",
        "unohda se": "never_mind",
        "nyt toimii": "solved",
        "olen jo kokeillut sitä": "tried",
        "soittakaa minulle": "human",
        "minulla on kysymys palautuksesta": "question",
    },
    "nl": {
        "hoi, ik heb een vraag": "opener",
        "is er iemand?": "presence",
        "ben je een robot?": "bot",
        "prima": "ack",
        "een momentje": "pause",
        "laat maar": "never_mind",
        "nu werkt het": "solved",
        "dat heb ik al geprobeerd": "tried",
        "bel me terug": "human",
        "ik heb een vraag over retour": "question",
    },
    "it": {
        "ciao, ho una domanda": "opener",
        "c'è qualcuno?": "presence",
        "sei un robot?": "bot",
        "ottimo": "ack",
        "un attimo": "pause",
        "lascia stare": "never_mind",
        "ora funziona": "solved",
        "l'ho già provato": "tried",
        "richiamatemi": "human",
        "ho una domanda sul reso": "question",
    },
    "pt": {
        "olá, tenho uma pergunta": "opener",
        "está aí alguém?": "presence",
        "és um robô?": "bot",
        "ótimo": "ack",
        "um momento": "pause",
        "esquece": "never_mind",
        "já funciona": "solved",
        "já tentei isso": "tried",
        "liguem-me": "human",
        "tenho uma pergunta sobre devoluções": "question",
    },
    "pl": {
        "dzień dobry, mam pytanie": "opener",
        "jest tam ktoś?": "presence",
        "jesteś robotem?": "bot",
        "super": "ack",
        "chwileczkę": "pause",
        "nieważne": "never_mind",
        "teraz działa": "solved",
        "już tego próbowałem": "tried",
        "proszę oddzwonić": "human",
        "mam pytanie o zwrot": "question",
    },
}


@pytest.mark.parametrize("language", SAID)
def test_what_is_said_is_heard_for_what_it_is_in_each_language(language: str) -> None:
    heard = {text: "tried" if says_wrong(text) else read_intent(text) for text in SAID[language]}
    assert heard == SAID[language]
    assert set(SAID[language].values()) <= set(get_args(Intent))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("back", "step_back"),
        ("which step?", "step_here"),
        ("from the start please", "step_first"),
        ("what was step 2?", "step_number"),
        ("ok, next", "step_next"),
        ("Schritt 3 bitte", "step_number"),
        ("steg 3", "step_number"),
        ("étape 3", "step_number"),
        ("back to the shop", None),
    ],
)
def test_a_step_is_wished_for(text: str, kind: RemarkKind | None) -> None:
    remark = read_remark(text)
    assert (remark.step if remark else None) == kind


def test_yes_no_and_not_now_are_told_apart() -> None:
    assert all(map(is_yes, ["yes please do", "yep pls", "ok do it", "👍🏽", "sí, por favor", "ja gerne"]))
    assert all(map(is_no, ["no", "no thanks", "👎", "nein danke", "non merci"]))
    assert not any(map(is_no, ["later", "I'll try again", "no funciona", "yes"]))
    assert all(map(declines, ["later", "no I'll try again", "not now", "no need", "más tarde"]))
    assert not any(map(declines, ["yes", "it is broken", "later today my lamp arrives"]))


def test_a_name_may_stand_beside_a_greeting_and_nothing_else() -> None:
    assert [read_intent(text) for text in ("Hi Alva", "hello Alva Ek!", "Hi, Refund?", "hi refund")] == [
        "greeting",
        "greeting",
        "question",
        "question",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Please don't cancel my order",
        "I don't want to cancel the plan",
        "Avbeställ inte min order",
        "Bitte löschen Sie mein Konto nicht",
        "No quiero cancelar mi pedido",
        "n'annulez pas ma commande",
        "Jeg vil ikke annullere",
        "Ikke slett kontoen min",
        "En halua perua tilausta",
        "Ik wil mijn bestelling niet annuleren",
        "Non voglio annullare l'ordine",
        "Não quero cancelar a encomenda",
        "Nie chcę anulować zamówienia",
    ],
)
def test_a_refusal_is_heard(text: str) -> None:
    assert unwanted_clauses(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lamp does not turn on",
        "I can't log in",
        "Why don't you deliver to Norway?",
        "Lampan fungerar inte",
        "Die App findet den Hub nicht",
        "la lámpara no funciona",
        "ça ne marche pas",
        "nie działa",
    ],
)
def test_trouble_is_no_refusal(text: str) -> None:
    assert not unwanted_clauses(text)


@pytest.mark.parametrize(
    "text",
    [
        "How do I charge it and how far does it go?",
        "Hur laddar jag den och hur långt räcker den?",
        "Wie lade ich den Akku und wie lange hält er?",
        "¿Cómo cargo la batería y cuánto dura la carga?",
        "Comment charger la batterie et combien de temps dure-t-elle ?",
        "Hvordan oplader jeg den og hvor langt rækker den?",
        "Hvordan lader jeg den og hvor langt rekker den?",
        "Hoe laad ik de accu op en hoe lang gaat hij mee?",
        "Come carico la batteria e quanto dura la carica?",
        "Como carrego a bateria e quanto dura a carga?",
        "Jak naładować baterię i jak długo działa bateria?",
    ],
)
def test_two_questions_in_one_sentence_are_two(text: str) -> None:
    assert len(questions_in(text)) == 2


@pytest.mark.parametrize(
    "text", ["How do I log in and out?", "Do you sell bags and lights?", "My lamp is red and I don't know why"]
)
def test_an_and_between_words_joins_no_questions(text: str) -> None:
    assert questions_in(text) == (text,)


@pytest.mark.parametrize(
    ("message", "mended"),
    [
        ("hub not lamp", "How do I connect a hub?"),
        ("no, not the lamp, the hub", "How do I connect a hub?"),
        ("I meant the hub", "How do I connect a lamp? the hub"),
        ("*hub", "How do I connect a lamp? hub"),
        ("lamp not working", None),
        ("hub not working", None),
        ("not the hub?", None),
    ],
)
def test_a_question_is_mended_by_what_comes_after(message: str, mended: str | None) -> None:
    assert corrected(message, "How do I connect a lamp?") == mended


def test_anger_that_is_denied_is_none() -> None:
    assert not any(map(is_angry, ["I'm not angry", "ich bin nicht sauer", "It is the third time i order from you"]))
    assert all(map(is_angry, ["that's stupid", "This is the third time I ask about this crap"]))


def test_a_saying_with_a_bracket_left_open_or_that_may_be_empty_is_refused() -> None:
    for wrong in ("(a|b", "a]", "[a] [b]", ""):
        with pytest.raises(ValueError, match=r"saying|bracket"):
            Sayings().add(wrong, ("ack", "en"))


NASTY = [
    "yes ",
    "no, ",
    "I want ",
    "don't ",
    "and how ",
    "not ",
    "the ",
    "a",
    "@",
    "? ",
    "hi Alva ",
    "1 ",
    "ja och hur ",
]


@pytest.mark.parametrize("piece", NASTY)
def test_a_nasty_text_of_20_000_characters_is_read(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert read_remark(text) is None or len(text.split()) <= LONGEST_REMARK
    assert read_choice(text, [Choice(id="1", label="Return a gift")]) is None
    assert isinstance(wants_person(text), bool)
    assert isinstance(is_angry(text), bool)
    assert read_intent(text) in get_args(Intent)
    assert questions_in(text)
    assert unwanted_clauses(text) is not None
