"""Language tags: ISO 639-1 codes, and the one table of codes that mean the same to a reader."""

import re

_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


def language_code(tag: str) -> str | None:
    """The ISO 639-1 code of a language tag such as "sv", "pt-BR" or "de_DE"; None when it is not one."""
    match = _TAG.fullmatch(tag.strip())
    code = match[1].lower() if match else ""
    return code if code in _ISO_639_1.split() else None


#: Codes of languages that are written alike, so that whoever reads one reads the others: first the one that we use,
#: then the one by which a reader calls them all.
_EQUIVALENT = (("nb", "no", "nn"),)


def equivalent_codes(code: str) -> tuple[str, ...]:
    """The codes of a language and of those that are written like it, first the one that we use."""
    return next((codes for codes in _EQUIVALENT if code in codes), (code,))


def canonical_code(code: str) -> str:
    """The code that we use for a language: "nb" for "no" and "nn"."""
    return equivalent_codes(code)[0]


def name_code(code: str) -> str:
    """The code under which a language is called what its readers call it: "no" for "nb", since nobody says "Bokmål"."""
    return next((codes[1] for codes in _EQUIVALENT if code in codes), code)
