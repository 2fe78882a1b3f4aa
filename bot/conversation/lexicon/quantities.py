"""Words for what can be counted, by language: numbers and units; and words that say no, or ask for a yes.

Lists are separated by spaces, other forms of the same by `|`. Everything is a regular expression for lower case.
"""

from dataclasses import dataclass

#: What the number words stand for, in their order.
COUNTED = (*range(1, 13), 14, 15, 20, 24, 30, 60, 90)


@dataclass(frozen=True, kw_only=True)
class QuantityLexicon:
    """The words of one language."""

    numbers: str
    #: By what the unit is; of a unit of several words, spaces are written as `_`.
    units: dict[str, str]
    #: What makes a day a working day, before it or after it.
    working_before: str = ""
    working_after: str = ""
    #: What may follow on a month's name, where it has endings; and regions that call one otherwise.
    month_ending: str = ""
    regions: tuple[str, ...] = ()
    #: What stands between day and month.
    of: str = ""
    #: What turns a sentence around, and how a question begins that wants a yes or no.
    negations: str
    yes_or_no: str


_MONEY = {"euro": "€|eur|euros?", "dollar": r"\$|usd|dollars?", "pound": "£|gbp|pounds?"}
_SIZES = {"metre": "m|meter", "watt": "w|watt"}

FIGURE_WORDS: dict[str, QuantityLexicon] = {
    "en": QuantityLexicon(
        numbers=(
            "one two three four five six seven eight nine ten eleven twelve fourteen fifteen twenty twenty-four thirty "
            "sixty ninety"
        ),
        units={
            **_MONEY,
            "second": "seconds?|secs?",
            "minute": "minutes?|mins?",
            "hour": "hours?|h",
            "day": "days?",
            "week": "weeks?",
            "month": "months?",
            "year": "years?|yrs?",
            "percent": "%|percent|per_cent",
            "krona": "kr|sek|kron(?:or|a|er|e)",
            "metre": "m|met(?:re|er)s?",
            "watt": "w|watts?",
            "time": "times",
            "device": "devices",
        },
        working_before="working|business",
        of="of",
        regions=("en_GB",),
        negations=r"not|no|never|cannot|\w+n['’]t",
        yes_or_no=r"can|could|may|is|are|do|does|did|will|would|has|have|should|am",
    ),
    "sv": QuantityLexicon(
        numbers=(
            "en|ett två tre fyra fem sex sju åtta nio tio elva tolv fjorton femton tjugo tjugofyra trettio "
            "sextio nittio"
        ),
        units={
            **_MONEY,
            **_SIZES,
            "second": "sekund(?:er)?",
            "minute": "minut(?:er)?|min",
            "hour": "timm(?:e|ar)|tim|h",
            "day": "dag(?:ar)?|dygn",
            "week": "veck(?:a|or)",
            "month": "månad(?:er)?",
            "year": "år",
            "percent": "%|procent",
            "krona": "kr|sek|kron(?:a|or)",
            "time": "gånger",
            "device": "enheter",
        },
        working_before="arbets|vardags",
        negations="inte|ej|aldrig|ingen|inget|inga",
        yes_or_no="kan|får|är|har|går|finns|ska|måste|behöver|fungerar",
    ),
    "de": QuantityLexicon(
        numbers=(
            "ein(?:e[nmrs]?)? zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn fünfzehn zwanzig "
            "vierundzwanzig dreissig sechzig neunzig"
        ),
        units={
            **_MONEY,
            **_SIZES,
            "second": "sekunden?|sek",
            "minute": "minuten?|min",
            "hour": "stunden?|std|h",
            "day": "tag(?:en?)?",
            "week": "wochen?",
            "month": "monat(?:en?)?",
            "year": "jahr(?:en?)?",
            "percent": "%|prozent",
            "krona": "kronen?|sek",
            "time": "mal",
            "device": "geräten?",
        },
        working_before="werk|arbeits",
        negations=r"nicht|nie|niemals|kein(?:e[nmrs]?)?",
        yes_or_no=(
            "kann|können|könnte|darf|dürfen|ist|sind|hat|habe|haben|wird|werden|muss|müssen|soll|gibt|geht|funktioniert|"
            "brauche|lässt"
        ),
    ),
    "es": QuantityLexicon(
        numbers=(
            "un[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce catorce quince veinte veinticuatro "
            "treinta sesenta noventa"
        ),
        units={
            **_MONEY,
            "second": "segundos?",
            "minute": "minutos?|min",
            "hour": "horas?|h",
            "day": "días?",
            "week": "semanas?",
            "month": "mes(?:es)?",
            "year": "años?",
            "percent": "%|por_ciento",
            "krona": "coronas?|sek",
            "dollar": r"\$|usd|dólares|dólar",
            "pound": "£|gbp|libras?",
            "metre": "m|metros?",
            "watt": "w|vatios?",
            "time": "veces",
            "device": "dispositivos",
        },
        working_after="laborables?|hábil(?:es)?",
        of="de",
        regions=("es_UY",),
        negations=r"no|nunca|jamás|ningun[oa]?|ningún|tampoco",
        yes_or_no=(
            r"puedo|puede|pueden|podemos|se puede|es|está|son|están|tiene|tengo|hay|debo|necesito|funciona|sirve"
        ),
    ),
    "fr": QuantityLexicon(
        numbers=(
            "une? deux trois quatre cinq six sept huit neuf dix onze douze quatorze quinze vingt vingt-quatre trente "
            "soixante quatre-vingt-dix"
        ),
        units={
            **_MONEY,
            "second": "secondes?",
            "minute": "minutes?|min",
            "hour": "heures?|h",
            "day": "jours?",
            "week": "semaines?",
            "month": "mois",
            "year": "ans?|années?",
            "percent": "%|pour_cent",
            "krona": "couronnes?|sek",
            "pound": "£|gbp|livres?",
            "metre": "m|mètres?",
            "watt": "w|watts?",
            "time": "fois",
            "device": "appareils",
        },
        working_after="ouvrés?|ouvrables?",
        negations=r"(?<!pas à )pas(?! à pas)|jamais|aucune?",
        yes_or_no=(
            r"puis-je|peut-on|peux-tu|pouvez-vous|est-ce|est-il|est-elle|sont|a-t-|avez-vous|dois-je|faut-il|y a-t-il|"
            "je peux|on peut|c['’]est|il y a"
        ),
    ),
    "da": QuantityLexicon(
        numbers=(
            "en|et|én|ét to tre fire fem seks syv otte ni ti elleve tolv fjorten femten tyve fireogtyve tredive tres "
            "halvfems"
        ),
        units={
            **_MONEY,
            **_SIZES,
            "second": "sekund(?:er)?",
            "minute": "minut(?:ter)?|min",
            "hour": "timer?",
            "day": "dage?|døgn",
            "week": "uger?",
            "month": "måned(?:er)?",
            "year": "år",
            "percent": "%|procent",
            "krona": "kr|dkk|kroner?",
            "time": "gange",
            "device": "enheder",
        },
        working_before="arbejds|hver",
        negations="ikke|aldrig|ingen|intet|ej",
        yes_or_no="kan|må|er|har|skal|vil|findes|virker|får|behøver",
    ),
    "nb": QuantityLexicon(
        numbers=(
            "en|et|ett|én to tre fire fem seks sju|syv åtte ni ti elleve tolv fjorten femten tjue tjuefire tretti "
            "seksti nitti"
        ),
        units={
            **_MONEY,
            **_SIZES,
            "second": "sekund(?:er)?",
            "minute": "minutt(?:er)?|min",
            "hour": "timer?",
            "day": "dag(?:er)?|døgn",
            "week": "uker?",
            "month": "måned(?:er)?",
            "year": "år",
            "percent": "%|prosent",
            "krona": "kr|nok|kroner?",
            "time": "ganger",
            "device": "enheter",
        },
        working_before="arbeids|virke|hver",
        negations="ikke|aldri|ingen|intet|ei",
        yes_or_no="kan|må|er|har|skal|vil|finnes|virker|får|går|trenger",
    ),
    "it": QuantityLexicon(
        numbers=(
            "un[oa]? due tre quattro cinque sei sette otto nove dieci undici dodici quattordici quindici venti "
            "ventiquattro trenta sessanta novanta"
        ),
        units={
            **_MONEY,
            "second": "second[oi]",
            "minute": "minut[oi]|min",
            "hour": "or[ae]|h",
            "day": "giorn[oi]",
            "week": "settiman[ae]",
            "month": "mes[ei]",
            "year": "ann[oi]",
            "percent": "%|per_cento",
            "krona": "coron[ae]|sek",
            "dollar": r"\$|usd|dollar[oi]",
            "pound": "£|gbp|sterlin[ae]",
            "metre": "m|metr[oi]",
            "watt": "w|watt",
            "time": "volte",
            "device": "dispositivi",
        },
        working_after="lavorativ[oi]|feriali?",
        negations=r"non|mai|nessun[oa]?",
        yes_or_no=r"posso|può|possono|possiamo|si può|è|sono|ha|ho|devo|c['’]è|ci sono|funziona|serve",
    ),
    "pt": QuantityLexicon(
        numbers=(
            "uma? dois|duas três quatro cinco seis sete oito nove dez onze doze catorze|quatorze quinze vinte "
            "vinte_e_quatro trinta sessenta noventa"
        ),
        units={
            **_MONEY,
            "second": "segundos?",
            "minute": "minutos?|min",
            "hour": "horas?|h",
            "day": "dias?",
            "week": "semanas?",
            "month": "mês|meses",
            "year": "anos?",
            "percent": "%|por_cento",
            "krona": "coroas?|sek",
            "dollar": r"\$|usd|dólares|dólar",
            "pound": "£|gbp|libras?",
            "metre": "m|metros?",
            "watt": "w|watts?",
            "time": "vezes",
            "device": "dispositivos",
        },
        working_after="út(?:il|eis)",
        of="de",
        negations=r"não|nunca|jamais|nenhuma?",
        yes_or_no="posso|pode|podem|podemos|é|está|são|estão|tem|tenho|há|devo|preciso|funciona|dá",
    ),
    "nl": QuantityLexicon(
        numbers=(
            "een|één twee drie vier vijf zes zeven acht negen tien elf twaalf veertien vijftien twintig vierentwintig "
            "dertig zestig negentig"
        ),
        units={
            **_MONEY,
            **_SIZES,
            "second": "seconden?",
            "minute": "minuten|minuut|min",
            "hour": "uur|uren",
            "day": "dag(?:en)?",
            "week": "weken|week",
            "month": "maand(?:en)?",
            "year": "jaar|jaren",
            "percent": "%|procent",
            "krona": "kronen|kroon|sek",
            "time": "keer",
            "device": "apparaten",
        },
        working_before="werk",
        negations="niet|nooit|geen",
        yes_or_no="kan|kun|kunnen|mag|mogen|is|zijn|heeft|heb|moet|wordt|werkt|bestaat",
    ),
    "fi": QuantityLexicon(
        numbers=(
            "yksi|yhden|yhtä kaksi|kahden|kahta kolme|kolmen|kolmea neljä|neljän|neljää viisi|viiden|viittä "
            "kuusi|kuuden|kuutta seitsemän|seitsemää kahdeksan|kahdeksaa yhdeksän|yhdeksää kymmenen|kymmentä "
            "yksitoista|yhdentoista kaksitoista|kahdentoista neljätoista|neljäntoista viisitoista|viidentoista "
            "kaksikymmentä|kahdenkymmenen kaksikymmentäneljä kolmekymmentä|kolmenkymmenen "
            "kuusikymmentä|kuudenkymmenen yhdeksänkymmentä|yhdeksänkymmenen"
        ),
        units={
            **_MONEY,
            "second": "sekun(?:ti|tia|nin)",
            "minute": "minuu(?:tti|ttia|tin)|min",
            "hour": "tun(?:ti|tia|nin)|h",
            "day": "päivä[än]?|vuorokau(?:si|tta|den)",
            "week": "viik(?:ko|koa|on)",
            "month": "kuukau(?:si|tta|den)",
            "year": "vuo(?:si|tta|den)",
            "percent": "%|prosent(?:ti|tia|in)",
            "krona": "kruunu[an]?|kr",
            "euro": "€|eur|euro[an]?",
            "dollar": r"\$|usd|dollari[an]?",
            "pound": "£|gbp|punta[a]?",
            "metre": "m|metri[än]?",
            "watt": "w|watti[an]?",
            "time": "kertaa",
            "device": "laitetta|laitteen",
        },
        working_before="arki|työ",
        month_ending=r"\w*",
        negations="en|et|ei|emme|ette|eivät|älä|älkää",
        yes_or_no=r"\w+k[oö]",
    ),
    "pl": QuantityLexicon(
        numbers=(
            "jeden|jedna|jedno|jednego dwa|dwie|dwóch trzy|trzech cztery|czterech pięć|pięciu sześć|sześciu "
            "siedem|siedmiu osiem|ośmiu dziewięć|dziewięciu dziesięć|dziesięciu jedenaście|jedenastu "
            "dwanaście|dwunastu czternaście|czternastu piętnaście|piętnastu dwadzieścia|dwudziestu "
            "dwadzieścia_cztery|dwudziestu_czterech trzydzieści|trzydziestu "
            "sześćdziesiąt|sześćdziesięciu dziewięćdziesiąt|dziewięćdziesięciu"
        ),
        units={
            **_MONEY,
            "second": "sekund[ayę]?",
            "minute": "minut[ayę]?|min",
            "hour": "godzin[ayę]?|godz|h",
            "day": "dzień|dni|dniach|dnia|dob[ayę]|dób",
            "week": "tydzień|tygodni[ea]?|tygodniach",
            "month": "miesiąc[ea]?|miesięcy|miesiącach",
            "year": "rok|roku|lata|lat|latach",
            "percent": "%|procent",
            "krona": "koron[ay]?|sek",
            "dollar": r"\$|usd|dolar(?:y|ów)?",
            "pound": "£|gbp|funt(?:y|ów)?",
            "zloty": "zł|pln|złot(?:y|e|ych)",
            "metre": "m|metr(?:y|ów|a)?",
            "watt": "w|wat(?:y|ów)?",
            "time": "razy",
            "device": "urządzeń|urządzenia",
        },
        working_after="robocz(?:y|e|ych|ego)",
        negations=r"nie|nigdy|żad(?:en|n\w+)",
        yes_or_no="czy|można|mogę|jest|są",
    ),
}
