"""The few words that are ours in Slack: all else comes with a message, in its customer's language."""

from typing import Literal, get_args

Language = Literal["en", "sv", "de", "es", "fr", "da", "nb", "it", "pt", "nl", "fi", "pl"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: Shown after the bot's name while an answer is looked up: "Hemglim help is looking it up".
WORKING: dict[Language, str] = {
    "en": "is looking it up",
    "sv": "letar efter svaret",
    "de": "sucht die Antwort",
    "es": "está buscando la respuesta",
    "fr": "cherche la réponse",
    "da": "leder efter svaret",
    "nb": "leter etter svaret",
    "it": "sta cercando la risposta",
    "pt": "está a procurar a resposta",
    "nl": "zoekt het antwoord op",
    "fi": "etsii vastausta",
    "pl": "szuka odpowiedzi",
}
