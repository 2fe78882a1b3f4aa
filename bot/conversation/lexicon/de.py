"""German wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:das|dies|es|die antwort|ihre antwort|deine antwort)"

LEXICON = Lexicon(
    language="de",
    openers=(
        "aber doch trotzdem noch immer nein nicht nie nichts es das die der den mein meine ich wir wie was warum wo wann wer "
        "welche welcher kann ist sind bitte falsch auch und oder also wenn ob"
    ),
    polite="bitte|danke|jetzt|sofort",
    denies=(
        (
            rf"(?:{_IT} )?(?:hat|hilft|half|funktioniert|klappt|geht|ging|stimmt)(?: (?:mir|leider|so|immer noch|noch immer))*"
            r" nicht(?: (?:geholfen|funktioniert|geklappt|weitergeholfen|weiter))?"
        ),
        (
            rf"{_IT} (?:ist|war)(?: leider)? (?:falsch|nicht (?:richtig|hilfreich|das,? was ich (?:meine?|meinte|wollte|"
            r"gefragt habe|brauche)|die antwort)|keine hilfe)"
        ),
        r"falsch(?:e antwort)?|nicht hilfreich|keine hilfe|hilft nicht|(?:geht|funktioniert) immer noch nicht",
        r"danach habe ich nicht gefragt|das (?:meine|meinte) ich nicht|das habe ich nicht gefragt",
        r"das habe ich (?:schon|bereits) (?:probiert|versucht|gemacht)",
    ),
    denies_before="nein|nee|leider|aber|sorry|doch",
    denies_after="leider|gar|überhaupt|auch",
    upset=(
        r"(?:das|es|ihr|sie|du) (?:ist|seid|sind|bist) (?:doch |ja |so |echt |einfach ){0,2}(?:bescheuert|unfahig|betrug|schrott|mist|scheisse|schwachsinn|eine schande|das letzte|eine katastrophe)|inakzeptabel|unverschamt\w*",
        r"verargert|enttauscht und|stinksauer|so ein (?:mist|schrott)|was fur ein (?:saftladen|mist|laden|witz)|keiner antwortet|niemand (?:antwortet|meldet sich|hilft)|was zum teufel|nie wieder (?:bei euch|kaufe|bestelle)|mir reicht'?s|reicht mir|zum kotzen|verarschen|abzocke|schnauze voll",
        (
            r"(?:das|dies|es|ihr|sie|du|ihr \w+|euer \w+) (?:ist|seid|sind|bist) (?:\w+ ){0,2}"
            r"(?:lächerlich|eine frechheit|unverschämt|inakzeptabel|ein witz|nutzlos|unfassbar|eine zumutung|scheiße|dumm)"
        ),
        r"(?:zum )?(?:zweiten?|dritten?|vierten?|fünften?|zehnten?|hundertsten?) mal(?:,? dass)? (?:ich|frage|schreibe)",
        r"(?:frage|schreibe|sage) (?:\w+ ){0,3}zum (?:zweiten|dritten|vierten|fünften|zehnten|hundertsten) mal",
        r"wie oft (?:soll|muss) ich (?:das |es |noch )*(?:fragen|sagen|schreiben|wiederholen|erklären)",
        r"zum letzten mal|ich bin (?:\w+ ){0,2}(?:sauer|wütend|stinksauer|genervt|frustriert)|habe? (?:\w+ )?die nase voll",
        r"idioten|deppen|(?:dummer?|nutzloser?|blöder?|scheiß) ?(?:bot|support|service|laden|firma)",
        r"zeitverschwendung|was zur hölle|verdammt(?:e|er|es|noch mal)?|scheiß(?:e|dreck)|so ein mist|saftladen",
    ),
    none=(
        r"(?:nein|nee),? (?:keine?s?|nichts)(?: (?:davon|von (?:beiden|denen|diesen)))?",
        r"(?:keine?[srn]?|nichts)(?: (?:davon|von (?:beiden|denen|diesen)|passt|trifft zu))?",
        r"(?:nein,? )?(?:etwas|was) (?:anderes|andres)",
    ),
    places={
        "oberste": 1,
        "obere": 1,
        "mittlere": 2,
        "erste": 1,
        "ersten": 1,
        "erstes": 1,
        "eins": 1,
        "zweite": 2,
        "zweiten": 2,
        "zwei": 2,
        "dritte": 3,
        "dritten": 3,
        "drei": 3,
        "vierte": 4,
        "vierten": 4,
        "vier": 4,
    },
    last="letzte|letzten|letztes|unterste|untere",
    place_before=r"(?:ich (?:meine|meinte|nehme) )?(?:die |das |der |den |nummer |nr\.? |option )?",
    place_after="bitte|danke|option",
    place_said="ja|jo|ok|okay|nein|nee|bitte|danke|ich glaube|ich denke|vielleicht|das ist|es ist|das|die|der|den|dem|mit|ich nehme|ich will|ich möchte|ich meine|ich meinte|genau|gerne|eher|wohl|option",
    forget=(
        (
            r"(?:bitte )?(?:(?:lösche?|löschen sie|löscht) (?:bitte )?alles(?:, was (?:ihr|sie|du) "
            r"habt)? über mich|alles über mich (?:bitte )?löschen)(?: bitte)?"
        ),
        (
            r"(?:bitte )?(?:vergiss mich|vergessen sie mich|(?:lösche?|löschen sie|lösch) (?:bitte )?(?:alle )?(?:meine? )"
            r"(?:daten|nachrichten|chat|chatverlauf|verlauf|persönlichen daten))(?: bitte)?"
        ),
        r"(?:bitte )?(?:alle )?meine (?:persönlichen )?daten (?:bitte )?löschen(?: bitte)?",
        (
            r"ich (?:möchte|will)(?:,? dass (?:sie|ihr|du))? (?:alle )?meine (?:persönlichen )?daten (?:gelöscht werden|löscht|"
            r"löschen|löschst|gelöscht haben)"
        ),
    ),
    stepwise=(
        (
            r"(?:bitte |kannst du |können sie )?(?:(?:das|es|mir das) )?(?:bitte )?(?:schritt für schritt|einen schritt nach dem "
            r"anderen|einzeln|schrittweise)(?: (?:bitte|erklären|zeigen))*"
        ),
    ),
    names={
        "en": "englisch",
        "sv": "schwedisch",
        "de": "deutsch",
        "es": "spanisch",
        "fr": "französisch",
        "da": "dänisch",
        "nb": "norwegisch",
        "it": "italienisch",
        "pt": "portugiesisch",
        "nl": "niederländisch|holländisch",
        "fi": "finnisch",
        "pl": "polnisch",
    },
    names_before=(
        r"(?:sprechen|schreiben) sie(?: auch)?|(?:sprichst|schreibst) du(?: auch)?|sprecht ihr(?: auch)?|"
        r"auf|in|ich (?:spreche|möchte|bevorzuge)(?: (?:nur|lieber|es auf|auf))?|(?:bitte )?(?:antworte|antworten sie|schreib|"
        r"schreiben sie|sprich)(?: bitte)? (?:auf|in)|(?:können sie|kannst du|könnt ihr|können wir)(?: bitte)?(?: auf)?|lieber"
        r"(?: auf)?"
    ),
    names_after="bitte|danke|antworten|schreiben|sprechen|reden|weitermachen|lieber",
    function=words(
        """der die das den dem des ein eine einen einem einer eines und oder aber auch so in im an am auf zu zum zur von vom
        mit für bei aus über um als ist sind war waren bin bist wird werden wurde hat habe haben hatte kann können könnte soll
        sollte muss müssen darf will möchte ich mich mir mein meine meinen meiner meinem wir uns unser du dich dir dein deine
        sie ihr ihre ihren ihrem er es ihn ihm man dieser diese dieses hier da dort dann denn nur noch schon mal bitte danke
        hallo sich dass wenn doch ja"""
    ),
    asking=words("was wer wen wem wessen wann wo wohin woher warum wieso weshalb wie welche welcher welches welchen"),
    negations=words("nicht kein keine keinen keiner nie ohne aus an ab"),
    anaphora=words("es das dies diese dieser dieses diesen sie ihn ihm"),
    opens="und|aber|oder|dann|was ist mit|wie ist es (?:mit|bei)|wie sieht es (?:mit|bei)|und was|was, wenn|was wenn",
    asks=(
        r"wie|was|wo|wann|warum|wieso|wer|welche[rsn]?|kann (?:ich|man)|können (?:sie|wir)|gibt es|ist es|muss ich|darf ich",
    ),
    asks_on=r"\w+ (?:ich|sie|ihr|man|er|es|wir|du)|(?:geht|kann|gibt|ist|sind|hat|muss|darf|wird|bekomme) \w+",
    asks_to=r"ich (?:will|mochte|wurde)",
    joins="und|sowie",
    unwanted=(
        r"\b(?:ich|wir) (?:will|wollte|wollen|mochte|mochten|wunsche|werde|werden) (?:[\w'-]+ ){0,7}nicht\b|\b(?:nie|niemals|nicht) (?:[\w'-]+ ){0,3}(?:gebeten|verlangt|beauftragt|gewollt)\b|\bauf keinen fall\b",
        r"^(?:bitte |nein |aber |und )*\w+n sie (?:[\w'-]+ ){0,7}nicht\b|^bitte (?:[\w'-]+ ){1,8}nicht\b|^(?:bitte )?keine? \w+ung\b",
        r"^(?:bitte |nein |aber )*(?!\w*t )\w{3,} (?:bitte )?(?:mein|meine|meinen|den|die|das|es|ihn|unser|unsere) (?:[\w'-]+ ){0,3}nicht\b",
        r"^(?:nein |bitte |doch )*(?!.*\b(?:kann|konnte|konnen|lasst|lassen|geht|warum|wieso|wie|was|will|hat|ist|wird|wurde|soll|darf|kein)\b)(?:[\w'-]+ ){0,4}nicht \w+en(?: bitte)?$",
    ),
)
