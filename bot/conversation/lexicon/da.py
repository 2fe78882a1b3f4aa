"""Danish wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:det|dette|det her|svaret)"

LEXICON = Lexicon(
    language="da",
    openers=(
        "men dog stadig ikke nej aldrig intet det den dette min mit mine jeg vi hvordan hvad hvorfor hvor hvornår hvem "
        "hvilken kan er gør også og eller så om"
    ),
    polite="tak|nu|venligst",
    denies=(
        rf"(?:{_IT} )?(?:hjalp|hjælper|virkede|virker|fungerede|fungerer|passer|duede|duer)(?: (?:mig|stadig|desværre))* ikke",
        rf"(?:{_IT} (?:er|var) )?(?:forkert|ikke (?:rigtigt|korrekt|til hjælp)|forkert svar)",
        rf"(?:{_IT} (?:er|var) )?ikke (?:det|hvad),? jeg (?:spurgte|mente|har brug for)(?: om)?",
        r"det har jeg (?:allerede )?(?:prøvet|gjort)|virker stadig ikke|stadig det samme",
    ),
    denies_before="nej|næ|men|desværre|øv",
    denies_after="overhovedet|heller|for mig|mig",
    upset=(
        r"(?:det|i|du) er (?:\w+ ){0,2}(?:uacceptabelt|latterligt|til grin|en skandale|ubrugelig\w*|elendig\w*|svindel)|ingen svarer|jeg er (?:\w+ ){0,2}(?:rasende|vred|sur|skuffet og)|aldrig (?:mere )?(?:handle|kobe)|fandens|helt til grin",
        (
            r"(?:det her|dette|det|i|du) er (?:\w+ ){0,2}"
            r"(?:latterligt|til grin|uacceptabelt|en skandale|en joke|ubrugelig\w*|for dårligt|håbløst)"
        ),
        r"(?:anden|tredje|fjerde|femte) gang,? (?:at )?jeg|hvor mange gange skal jeg (?:spørge|sige|skrive|gentage)",
        r"for sidste gang|jeg er (?:\w+ ){0,2}(?:vred|rasende|gal|frustreret|sur)|træt af (?:det her|jer)",
        r"idioter|(?:dum|ubrugelig|elendig|åndssvag)e? (?:bot|robot|support|service)|spild af (?:min )?tid",
        r"for fanden|for helvede|fandens|lort|lorte\w+|(?:noget|sådan noget) pis",
    ),
    none=(
        r"(?:nej,? )?(?:ingen|intet)(?: (?:af (?:dem|disse|delene)|passer))?|nej,? ingen",
        r"(?:nej,? )?noget andet",
    ),
    places={
        "øverste": 1,
        "midterste": 2,
        "første": 1,
        "en": 1,
        "et": 1,
        "anden": 2,
        "andet": 2,
        "to": 2,
        "tredje": 3,
        "tre": 3,
        "fjerde": 4,
        "fire": 4,
    },
    last="sidste|nederste",
    place_before=r"(?:jeg mener )?(?:den |det |nummer |nr\.? )?",
    place_after="tak|mulighed",
    place_said="ja|jo|ok|okay|nej|tak|jeg tror|måske|det er|den er|det|den|med|om|jeg vil have|jeg tager|jeg vælger|præcis|venligst|der",
    forget=(
        r"(?:vær venlig at |kan i |kan du )?(?:slet|slette|fjern|fjerne) alt om mig(?:,? tak)?",
        (
            r"(?:vær venlig at |kan i |kan du )?(?:glem mig|glemme mig|(?:slet|slette|fjern|fjerne) (?:alle )?mine "
            r"(?:data|oplysninger|beskeder|personoplysninger)(?: tak)?)"
        ),
        r"jeg vil (?:gerne )?(?:have (?:slettet mine (?:data|oplysninger)|mine (?:data|oplysninger) slettet)|glemmes)",
    ),
    stepwise=(
        (
            r"(?:kan (?:du|i|vi) )?(?:tage|vise|forklare|tag|vis|forklar)?(?: mig)?(?: det| den| dem)? ?"
            r"(?:trin for trin|et trin ad gangen|ét trin ad gangen|skridt for skridt|et ad gangen)(?:,? tak)?"
        ),
    ),
    names={
        "en": "engelsk",
        "sv": "svensk",
        "de": "tysk",
        "es": "spansk",
        "fr": "fransk",
        "da": "dansk",
        "nb": "norsk",
        "it": "italiensk",
        "pt": "portugisisk",
        "nl": "hollandsk|nederlandsk",
        "fi": "finsk",
        "pl": "polsk",
    },
    names_before=(
        r"taler (?:du|i)|"
        r"på|jeg (?:taler|foretrækker)|(?:skriv|svar|tal|fortsæt|skift)(?: på| til)?|"
        r"kan (?:du|i|vi) (?:skrive|svare|tale|tage det|fortsætte)(?: på)?"
    ),
    names_after="tak|venligst|i stedet|kun",
    function=words(
        """en et den det de dem og eller men så som af til i på for fra med om er var bliver blev har havde kan kunne skal
        skulle vil ville må får fik jeg mig min mit mine vi os vores du dig din dit dine jer jeres han hun denne dette disse
        der her da hej tak også bare man at"""
    ),
    asking=words("hvad hvem hvis hvilken hvilket hvilke hvornår hvor hvorfor hvordan"),
    negations=words("ikke aldrig uden ingen intet ej"),
    anaphora=words("den det dem denne dette disse"),
    opens="og|men|eller|hvad med|hvordan med|hvad hvis|så",
    asks=(
        r"hvordan|hvad|hvor|hvornår|hvorfor|hvem|hvilke[nt]?|(?:kan|må|skal|får) (?:jeg|man|i|vi)|er der|findes der",
    ),
    asks_on=r"\w+r (?:jeg|i|du|man|den|det|vi|de)|(?:kan|far|skal|ma|vil|er) \w+",
    asks_to=r"jeg (?:vil|skal|onsker)",
    joins="og|samt",
    unwanted=(
        r"\b(?:vil|ville|skal|onsker|taenker|har taenkt mig) (?:[\w'-]+ ){0,3}ikke\b|\b(?:har aldrig|har ikke) (?:bedt|villet|onsket)\b|\bunder ingen omstaendigheder\b|\bhelst ikke\b",
        r"^(?:venligst |nej |men |og )*(?!\w*r |kan |ved |ma |jeg |det |den |vi |du |man |helst |hvorfor |om )\w+ ikke \w+|\bi (?:ma|skal) ikke\b",
    ),
)
