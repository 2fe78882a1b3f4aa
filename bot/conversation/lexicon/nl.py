"""Dutch wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:dat|dit|het|het antwoord|je antwoord|uw antwoord)"

LEXICON = Lexicon(
    language="nl",
    openers=(
        "maar toch nog steeds nee niet nooit niets het dat dit de mijn ik wij we hoe wat waarom waar wanneer wie welke kan is "
        "zijn doet ook en of dus als fout"
    ),
    polite="graag|alsjeblieft|alstublieft|a\\.?u\\.?b\\.?|aub|bedankt|nu",
    denies=(
        rf"(?:{_IT} )?(?:hielp|helpt|werkte|werkt|lukte|lukt|klopt|klopte)(?: (?:me|mij|nog steeds|helaas))* niet",
        rf"{_IT} heeft (?:me |mij )?niet (?:geholpen|gewerkt)",
        rf"(?:{_IT} (?:is|was) )?(?:fout|onjuist|niet (?:juist|waar|goed|nuttig)|verkeerd|het verkeerde antwoord)",
        rf"(?:{_IT} (?:is|was) )?niet wat ik (?:vroeg|bedoel|bedoelde|nodig heb|zoek)|fout antwoord|verkeerd antwoord",
        r"(?:dat|dit) heb ik (?:al )?(?:geprobeerd|gedaan)|werkt nog steeds niet|dat vroeg ik niet|nog steeds hetzelfde",
    ),
    denies_before="nee|maar|helaas|sorry",
    denies_after="helemaal|ook|helaas|voor mij",
    upset=(
        r"(?:dit|dat|het|jullie|je) (?:is|zijn|bent) (?:\w+ ){0,2}(?:belachelijk|schandalig|onacceptabel|waardeloos|oplichting|een schande|onbekwaam)|niemand (?:antwoordt|reageert|helpt)|ik ben (?:\w+ ){0,2}(?:boos|woedend|kwaad|het zat|teleurgesteld en)|nooit meer (?:bij jullie|kopen)|ben het zat|verdomme",
        (
            r"(?:dit|dat|het|jullie|je|u) (?:is|zijn|bent) (?:\w+ ){0,2}"
            r"(?:belachelijk|onacceptabel|een schande|schandalig|een grap|waardeloos|nutteloos|bizar|om te janken)"
        ),
        (
            r"(?:tweede|derde|vierde|vijfde|tiende|zoveelste) keer dat ik|hoe vaak moet ik (?:dit |dat |het |nog )*"
            r"(?:vragen|zeggen|schrijven|herhalen|uitleggen)"
        ),
        (
            r"voor de laatste keer|ik ben (?:\w+ ){0,2}(?:boos|woedend|kwaad|pissig|gefrustreerd)|(?:ik ben )?(?:het|dit) (?:zo |nu )?"
            r"zat|spuugzat"
        ),
        r"idioten|(?:stomme|waardeloze|nutteloze|domme) (?:bot|robot|support|service|klantenservice|helpdesk)",
        r"tijdverspilling|verdomme|godverdomme|klotezooi|kutzooi|(?:klote|kut) ?(?:bot|service|helpdesk|bedrijf)|wat een (?:schande|waardeloze \w+)",
    ),
    none=(
        r"(?:nee,? )?(?:geen|niets|niks)(?: (?:van (?:deze|die|beide|allen)|hiervan|daarvan|ervan))?",
        r"(?:nee,? )?(?:iets|wat) anders",
    ),
    places={
        "bovenste": 1,
        "middelste": 2,
        "eerste": 1,
        "een": 1,
        "één": 1,
        "tweede": 2,
        "twee": 2,
        "derde": 3,
        "drie": 3,
        "vierde": 4,
        "vier": 4,
    },
    last="laatste|onderste",
    place_before=r"(?:ik bedoel |doe maar )?(?:de |het |nummer |optie )?",
    place_after="optie|graag|alsjeblieft|alstublieft",
    place_said="ja|jep|ok|oké|nee|bedankt|dank je|alsjeblieft|graag|ik denk|misschien|het is|dat is|het|de|die|dat|over|van|met|ik wil|ik kies|ik bedoel|doe maar|optie|eigenlijk",
    forget=(
        r"(?:graag )?(?:wis|verwijder) alles (?:over|van) mij(?: (?:alsjeblieft|alstublieft|aub|graag))?",
        (
            r"(?:graag )?(?:vergeet me|vergeet mij|(?:wis|verwijder) (?:al )?mijn (?:gegevens|berichten|data|persoonsgegevens))"
            r"(?: (?:alsjeblieft|alstublieft|aub|graag))?"
        ),
        (
            r"(?:kun je|kunt u|kunnen jullie|ik wil dat (?:jullie|je|u)) (?:al )?mijn (?:gegevens|berichten|data|persoonsgegevens) "
            r"(?:wissen|verwijderen|wist|verwijdert)|ik wil (?:vergeten worden|(?:al )?mijn gegevens laten (?:wissen|verwijderen))"
        ),
    ),
    stepwise=(
        (
            r"(?:kun je|kunt u|graag )?(?:(?:het|dit|dat) )?(?:stap voor stap|één stap tegelijk|een stap tegelijk|een voor een|"
            r"één voor één)(?: (?:graag|alsjeblieft|alstublieft|uitleggen|laten zien))*"
        ),
    ),
    names={
        "en": "engels",
        "sv": "zweeds",
        "de": "duits",
        "es": "spaans",
        "fr": "frans",
        "da": "deens",
        "nb": "noors",
        "it": "italiaans",
        "pt": "portugees",
        "nl": "nederlands|vlaams",
        "fi": "fins",
        "pl": "pools",
    },
    names_before=(
        r"(?:spreekt u|spreken jullie|spreek je|praat je|praten jullie)|"
        r"in het|het|(?:ik )?(?:spreek|praat)(?: liever)?|liever(?: in het)?|(?:schrijf|antwoord|praat|ga verder)"
        r"(?: alsjeblieft)?(?: in het)?|(?:kun je|kunt u|kunnen we|kan het)(?: in het)?"
    ),
    names_after="graag|alsjeblieft|alstublieft|aub|bedankt|schrijven|antwoorden|praten|spreken",
    function=words(
        """de het een en of maar ook zo dat die dit deze in op aan te naar van met voor bij over door om als is zijn was waren
        ben bent wordt worden werd heb hebt heeft hebben had kan kunnen kunt zou moet moeten mag wil wilt ik me mij mijn we wij
        ons onze je jij jou jouw u uw jullie hij zij ze hem haar er hier daar dan nog al wel eens graag bedankt hallo hoi men"""
    ),
    asking=words("wat wie welke welk wanneer waar waarheen waarom hoe hoeveel"),
    negations=words("niet geen nooit zonder uit aan"),
    anaphora=words("het dat die dit deze hem haar ze"),
    opens="en|maar|of|dan|hoe zit het met|wat als|en als|en hoe",
    asks=(
        r"hoe|wat|waar|wanneer|waarom|wie|welke?|(?:kan|mag|moet|kun|kunt|zijn) (?:ik|je|u|we|jullie|er)|is er|is het",
    ),
    asks_on=r"\w+ (?:ik|u|je|jullie|hij|het|we|men)|(?:kan|is|zijn|heeft|moet|mag|werkt|zit) \w+",
    asks_to=r"ik (?:wil|zou|moet)",
    joins="en|alsook",
    unwanted=(
        r"\b(?:ik|wij|we) (?:wil|wilde|willen|ga|zal|hoef|wens) (?:[\w'-]+ ){0,7}niet\b|\b(?:nooit|niet) (?:[\w'-]+ ){0,2}(?:gevraagd|verzocht)\b|\bin geen geval\b|\bonder geen beding\b|\bliever niet\b",
        r"^(?:aub |alsjeblieft |alstublieft |nee |maar )*(?!\w*t )\w+ (?:mijn|de|het|die|deze|ons|onze) (?:[\w'-]+ ){0,3}niet\b|^(?:aub |alsjeblieft |alstublieft )+\w+ (?:[\w'-]+ ){0,4}niet\b",
    ),
)
