"""Norwegian wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:det|dette|det her|svaret)"

LEXICON = Lexicon(
    language="nb",
    openers=(
        "men dog fortsatt fremdeles ikke nei aldri ingenting det den dette min mitt mine jeg vi hvordan hva hvorfor hvor når "
        "hvem hvilken kan er gjør også og eller så om"
    ),
    polite="takk|nå|vennligst",
    denies=(
        (
            rf"(?:{_IT} )?(?:hjalp|hjelper|virket|virka|virker|fungerte|fungerer|funket|funker|stemmer)"
            r"(?: (?:meg|fortsatt|fremdeles|dessverre))* ikke"
        ),
        rf"(?:{_IT} (?:er|var) )?(?:feil(?: svar)?|ikke (?:riktig|rett|til hjelp))",
        rf"(?:{_IT} (?:er|var) )?ikke (?:det|hva) jeg (?:spurte|mente|trenger)(?: om)?",
        r"det har jeg (?:allerede )?(?:prøvd|gjort|testet)|(?:virker|fungerer) (?:fortsatt|fremdeles) ikke",
    ),
    denies_before="nei|men|dessverre|beklager",
    denies_after="i det hele tatt|heller|for meg|meg",
    upset=(
        r"(?:det|dere|du) er (?:\w+ ){0,2}(?:uakseptabelt|latterlig|en skandale|ubrukelig\w*|elendig\w*|svindel|bedritent)|ingen svarer|jeg er (?:\w+ ){0,2}(?:rasende|sint|forbanna\w*|skuffet og)|aldri (?:mer )?(?:handle|kjope)|jaevlig|faen",
        (
            r"(?:det her|dette|det|dere|du) er (?:\w+ ){0,2}"
            r"(?:latterlig|uakseptabelt|en skandale|en vits|ubrukelig\w*|håpløst|for dårlig|idioti)"
        ),
        r"(?:andre|tredje|fjerde|femte) gang(?:en)? (?:som )?jeg|hvor mange ganger (?:må|skal) jeg (?:spørre|si|skrive|gjenta)",
        r"for siste gang|jeg er (?:\w+ ){0,2}(?:sint|rasende|forbanna|frustrert|sur)|lei av (?:dette|dere|det her)",
        r"idioter|(?:dumme?|ubrukelige?|elendige?|håpløse?) (?:bot|robot|support|service|kundeservice)",
        r"bortkastet tid|sløsing med (?:min )?tid|for faen|for helvete|faen|jævl\w+|dritdårlig\w*|drittlei|(?:noe|så|for noe) dritt",
    ),
    none=(
        r"(?:nei,? )?(?:ingen|ingenting)(?: (?:av (?:dem|disse|delene)|passer))?",
        r"(?:nei,? )?noe annet",
    ),
    places={
        "øverste": 1,
        "midterste": 2,
        "første": 1,
        "en": 1,
        "ett": 1,
        "andre": 2,
        "to": 2,
        "tredje": 3,
        "tre": 3,
        "fjerde": 4,
        "fire": 4,
    },
    last="siste|nederste",
    place_before=r"(?:jeg mener )?(?:den |det |nummer |nr\.? )?",
    place_after="takk|alternativet",
    place_said="ja|jo|ok|okei|nei|takk|jeg tror|kanskje|det er|den er|det|den|med|om|jeg vil ha|jeg tar|jeg velger|akkurat|vennligst|der",
    forget=(
        r"(?:vennligst |kan dere |kan du )?(?:slett|slette|fjern|fjerne) alt om meg(?:,? takk)?",
        (
            r"(?:vennligst |kan dere |kan du )?(?:glem meg|glemme meg|(?:slett|slette|fjern|fjerne) (?:alle )?"
            r"(?:dataene mine|mine (?:data|opplysninger|meldinger|personopplysninger)|opplysningene mine|meldingene mine)"
            r"(?: takk)?)"
        ),
        r"jeg vil (?:gjerne )?(?:ha (?:slettet )?(?:dataene mine|mine (?:data|opplysninger))(?: slettet)?|bli glemt)",
    ),
    stepwise=(
        (
            r"(?:kan (?:du|dere|vi) )?(?:ta|vise|forklare|vis|forklar)?(?: meg)?(?: det| den| dem)? ?"
            r"(?:steg for steg|trinn for trinn|ett steg (?:om|av) gangen|ett om gangen)(?:,? takk)?"
        ),
    ),
    names={
        "en": "engelsk",
        "sv": "svensk",
        "de": "tysk",
        "es": "spansk",
        "fr": "fransk",
        "da": "dansk",
        "nb": "norsk|bokmål|nynorsk",
        "it": "italiensk",
        "pt": "portugisisk",
        "nl": "nederlandsk|hollandsk",
        "fi": "finsk",
        "pl": "polsk",
    },
    names_before=(
        r"(?:snakker|kan) (?:du|dere)|"
        r"på|jeg (?:snakker|foretrekker)|(?:skriv|svar|snakk|fortsett|bytt)(?: på| til)?|"
        r"kan (?:du|dere|vi) (?:skrive|svare|snakke|ta det|fortsette)(?: på)?"
    ),
    names_after="takk|vennligst|i stedet|bare",
    function=words(
        """en et ei den det de dem og eller men så som av til i på for fra med om er var blir ble har hadde kan kunne skal
        skulle vil ville må får fikk jeg meg min mitt mi mine vi oss vår vårt våre du deg din ditt di dine dere deres han hun
        denne dette disse der her da hei takk også bare man å at"""
    ),
    asking=words("hva hvem hvilken hvilket hvilke når hvor hvorfor hvordan"),
    negations=words("ikke aldri uten ingen ikkje ei"),
    anaphora=words("den det dem denne dette disse"),
    opens="og|men|eller|hva med|hvordan med|hva om|så",
    asks=(
        r"hvordan|hva|hvor|når|hvorfor|hvem|hvilke[nt]?|(?:kan|må|skal|får) (?:jeg|man|dere|vi)|er det|finnes det|går det",
    ),
    asks_on=r"\w+r (?:jeg|dere|du|man|den|det|vi|de)|(?:kan|far|skal|ma|vil|er) \w+",
    asks_to=r"jeg (?:vil|skal|onsker)",
    joins="og|samt",
    unwanted=(
        r"\b(?:vil|ville|skal|onsker|tenker|har tenkt) (?:[\w'-]+ ){0,3}ikke\b|\b(?:har aldri|har ikke) (?:bedt|villet|onsket)\b|\bunder ingen omstendigheter\b|\bhelst ikke\b|\bikke (?:slett|avbestill|kanseller|si opp|nullstill|tilbakestill)\w*",
        r"^(?:vennligst |nei |men |og )*(?!\w*r |kan |vet |ma |jeg |det |den |vi |du |man |helst |hvorfor |om )\w+ ikke \w+|\bdere (?:ma|skal) ikke\b",
    ),
)
