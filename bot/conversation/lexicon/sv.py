"""Swedish wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

LEXICON = Lexicon(
    language="sv",
    openers=(
        "men dock fast fortfarande ändå nej inte aldrig inget det den detta min mitt mina jag vi hur vad varför var när vem "
        "vilken kan är gör också och eller så om"
    ),
    polite="tack|nu|snälla",
    denies=(
        r"(?:(?:det här|detta|det|svaret) )?(?:hjälpte|hjälper|fungerade|fungerar|funkade|funkar|stämmer) (?:inte|ej)",
        r"(?:det (?:är|var) )?fel(?: svar)?",
        r"(?:det (?:är|var) )?inte (?:det|vad) jag (?:frågade|menade|behöver)(?: om)?",
        r"det har jag (?:redan )?(?:provat|testat|gjort)",
    ),
    denies_before="nej|nä|men|tyvärr",
    denies_after="alls|heller|mig|för mig",
    upset=(
        r"(?:det|detta|du|ni|det har) (?:ar|e) (?:\w+ ){0,2}(?:jav\w+|skit|kass\w*|uselt|urusel\w*|hopplos\w*|vardelos\w*|oacceptabelt|under all kritik|bedrageri)|helt oacceptabelt|vardeloss?a? jakla",
        r"skamtar (?:du|ni)|skitforbannad|forbannad|jattearg|skitsur|besviken och arg|sa arg|vad daligt|sa daligt|vilket skamt|samsta (?:\w+ )?(?:nagonsin|service|support\w*|foretag\w*)|ger upp|handlar aldrig (?:mer|igen)|ingen svarar|fatt nog",
        (
            r"(?:det här|detta|det|ni|du) (?:är|e) (?:\w+ ){0,2}"
            r"(?:löjligt|skandal|oacceptabelt|ett skämt|värdelös\w*|sjukt|skit\w*|dumma?)"
        ),
        r"(?:tredje|fjärde|femte|tionde) gången (?:som )?jag (?:frågar|skriver|säger|kontaktar|ringer|hör av|klagar)",
        r"hur många gånger (?:ska|måste) jag (?:fråga|säga|skriva|upprepa)",
        r"för sista gången|jag är (?:\w+ ){0,2}(?:arg|förbannad|rasande|frustrerad)",
        r"(?:så )?trött på (?:det här|detta|er)|idioter|idiotisk\w*",
        r"värdelös(?:a)? (?:bot|support|service|kundtjänst|robot)|för fan|fan också|vad fan|fy fan",
        r"jävl\w+|helvete|skitdålig\w*",
    ),
    none=(
        r"(?:nej|nä)(?:,? av (?:dem|dessa))?",
        r"(?:nej,? )?(?:ingen|inget|inga|ingendera)(?: (?:av|passar).*)?",
        r"(?:nej,? )?(?:något|nåt) annat",
    ),
    places={
        "översta": 1,
        "mittersta": 2,
        "första": 1,
        "ett": 1,
        "andra": 2,
        "två": 2,
        "tredje": 3,
        "tre": 3,
        "fjärde": 4,
        "fyra": 4,
    },
    last="sista|nedersta|understa",
    place_before=r"(?:jag menar )?(?:den |det |nummer |alternativ )?",
    place_after="alternativet|tack",
    place_said="ja|japp|jo|ok|okej|nej|nä|tack|snälla|jag tror|kanske|det är|den är|det|den|där|här|om|jag vill ha|jag tar|tar|jag väljer|precis|visst|nog",
    forget=(
        (
            r"(?:snälla |kan (?:ni|du) )?(?:radera|ta bort) "
            r"(?:allt|all (?:data|information)|alla uppgifter)(?: (?:som )?(?:ni|du) (?:har|vet))? om mig(?:,? tack)?"
        ),
        (
            r"(?:snälla |kan (?:ni|du) )?(?:glöm mig|(?:radera|ta bort|radera alla|ta bort alla) (?:mig|mina "
            r"(?:uppgifter|data|personuppgifter|meddelanden)|min (?:data|historik)|mitt konto och mina uppgifter))"
        ),
        r"jag vill (?:bli glömd|att ni (?:glömmer mig|raderar mina (?:uppgifter|data|personuppgifter)))",
    ),
    stepwise=(
        (
            r"(?:kan (?:du|ni|vi) )?(?:ta|visa|förklara|ge mig)?(?: det| den| dem)? ?"
            r"(?:steg för steg|ett steg i taget|ett i taget|ett steg åt gången)"
        ),
    ),
    names={
        "en": "engelska",
        "sv": "svenska",
        "de": "tyska",
        "es": "spanska",
        "fr": "franska",
        "da": "danska",
        "nb": "norska",
        "it": "italienska",
        "pt": "portugisiska",
        "nl": "nederländska|holländska",
        "fi": "finska",
        "pl": "polska",
    },
    names_before=(
        r"(?:talar|pratar|skriver|kan) (?:du|ni)(?: på)?|"
        r"på|(?:jag )?(?:talar|pratar|vill ha|föredrar)(?: det på)?|(?:skriv|svara|prata|tala|fortsätt|byt)(?: på| till)?|"
        r"kan (?:du|ni|vi) (?:skriva|svara|prata|tala|ta det|byta|fortsätta)(?: på| till)?"
    ),
    names_after="tack|snälla|istället|bara",
    function=words(
        """en ett den det de dem och eller men så som av till i på för från med om är vara blir har hade kan kunde ska
        skulle vill måste får jag mig min mitt mina vi oss vår vårt du dig din ditt dina er ert ni han hon denna detta
        dessa där här då hej tack snälla också bara man"""
    ),
    asking=words("vad vilken vilket vilka vem vems när var varför hur"),
    negations=words("inte ej aldrig utan"),
    anaphora=words("den det dem denna detta dessa"),
    opens="och|men|eller|hur är det med|vad gäller för|då",
    asks=(
        r"hur\b|vad (?:är|gör|kostar|händer|betyder)|var (?:är|hittar|kan|finns)|när (?:kommer|får|kan|är)|varför",
        r"vilk(?:en|et|a)|(?:kan|får|ska|måste) (?:jag|man|ni|vi)|finns det|går det",
    ),
    asks_on=r"\w+r (?:jag|ni|du|man|den|det|vi|de)|(?:kan|far|ska|maste|vill|tar|gar) \w+|(?:ar|funkar|finns|gar) \w+",
    asks_to=r"jag (?:vill|ska|skulle vilja|behover)",
    joins="och|samt",
    unwanted=(
        r"\b(?:vill|ville|tanker|tankte|onskar|skulle vilja) (?:[\w'-]+ ){0,3}(?:inte|ej)\b|\b(?:inte|ej|aldrig) (?:vill|velat|bett|begart|tanker)\b|\bunder inga omstandigheter\b|\bhelst inte\b",
        r"^(?:snalla |vanligen |nej |men |och )*(?!\w*r |kan |vet |minns |far |jag |det |den |vi |ni |du |man |helst |absolut |varfor |om )\w+ (?:inte|ej) \w+",
        r"\bjag (?:[\w'-]+ ){1,2}inte (?:[\w'-]+ ){0,4}(?:anda|trots allt|langre)\b|\bni (?:ska|far|maste) inte\b",
    ),
)
