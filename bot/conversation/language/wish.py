"""A language that the customer asks for: "svenska, tack", "in English please", "/language sv"."""

import re

from bot.conversation.language.codes import SPOKEN, as_code

#: How each language is called, in itself and in others that we speak.
_NAMES: dict[str, str] = {
    "en": "english|engelska|englisch|inglés|ingles|anglais|engelsk|inglese|inglês|engels|englanti|englanniksi|angielski"
    "|angielsku",
    "sv": "swedish|svenska|schwedisch|sueco|suédois|suedois|svensk|svedese|zweeds|ruotsi|ruotsiksi|szwedzki|szwedzku",
    "de": "german|tyska|deutsch|alemán|aleman|allemand|tysk|tedesco|duits|alemão|alemao|saksa|saksaksi|niemiecki"
    "|niemiecku",
    "es": "spanish|spanska|spanisch|español|espanol|castellano|espagnol|spansk|spagnolo|spaans|espanhol|espanja"
    "|espanjaksi|hiszpański|hiszpańsku",
    "fr": "french|franska|französisch|francés|frances|français|francais|fransk|francese|frans|francês|ranska|ranskaksi"
    "|francuski|francusku",
    "da": "danish|danska|dänisch|danés|danois|dansk|danese|deens|dinamarquês|tanska|tanskaksi|duński|duńsku",
    "nb": "norwegian|norska|norwegisch|noruego|norvégien|norsk|bokmål|norvegese|noors|norueguês|norja|norjaksi"
    "|norweski|norwesku",
    "it": "italian|italienska|italienisch|italiano|italien|italiensk|italiaans|italia|italiaksi|włoski|włosku",
    "pt": "portuguese|portugisiska|portugiesisch|portugués|portugais|portugisisk|portoghese|portugees|português"
    "|portugues|portugali|portugaliksi|portugalski|portugalsku",
    "nl": "dutch|nederländska|holländska|niederländisch|neerlandés|holandés|néerlandais|hollandsk|nederlandsk|olandese"
    "|nederlands|holandês|hollanti|hollanniksi|niderlandzki|niderlandzku",
    "fi": "finnish|finska|finnisch|finés|finlandés|finnois|finsk|finlandese|fins|finlandês|suomi|suomea|suomeksi|fiński"
    "|fińsku",
    "pl": "polish|polska|polnisch|polaco|polonais|polsk|polacco|pools|polonês|polaco|puola|puolaksi|polski|polsku",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split("|")}
_NAME = "|".join(sorted(_CODES, key=len, reverse=True))
_BEFORE = r"(?:(?:in|på|auf|en|in het|em|po|i|the|can we|speak|write|reply|answer|hablar?|parlare?|sprich|bitte)\s+)*"
_AFTER = (
    r"(?:[\s,.!]+(?:please|pls|plz|thanks|thank you|tack|bitte|danke|por favor|porfa|gracias|svp|stp|s'il vous plaît"
    r"|s'il te plaît|merci|tak|takk|per favore|grazie|alsjeblieft|graag|aub|obrigado|obrigada|kiitos|proszę|prosze))*"
)
_ASKED = re.compile(rf"\W*{_BEFORE}(?P<name>{_NAME}){_AFTER}\W*", re.IGNORECASE)
_COMMAND = re.compile(r"\s*/(?:language|lang)\s+(?P<tag>[\w-]+)\s*", re.IGNORECASE)


def chosen_language(text: str) -> str | None:
    """The code of the language that a message asks for and does nothing else; None if it is about something else."""
    message = " ".join(text.replace("’", "'").split())
    if command := _COMMAND.fullmatch(message):
        code = as_code(command["tag"])
        named = _CODES.get(command["tag"].casefold())
        return named or (code if code in SPOKEN else None)
    asked = _ASKED.fullmatch(message)
    return _CODES[asked["name"].casefold()] if asked else None
