"""Italian wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:questo|questa|ciò|la risposta|la tua risposta|la sua risposta|quello)"

LEXICON = Lexicon(
    language="it",
    openers=(
        "ma però ancora sempre no non mai niente questo quello il la lo i mio mia miei io noi come che cosa perché dove "
        "quando chi quale può posso è sono anche e o così se sbagliato"
    ),
    polite="per favore|per piacere|perfavore|grazie|adesso|ora|subito",
    denies=(
        (
            rf"(?:{_IT} )?(?:ancora )?non (?:mi )?(?:ha |è )?(?:aiutato|aiuta|servito|serve a niente|funziona|funzionato|va|"
            r"andato|corretto|giusto|vero|stato utile|utile|risposto(?: alla mia domanda)?|risponde alla mia domanda|"
            r"quello che (?:ho chiesto|intendevo|volevo|chiedevo|mi serve))"
        ),
        r"(?:questo )?(?:è )?(?:sbagliato|errato|falso)|risposta sbagliata|continua a non funzionare|sempre uguale",
        r"(?:l')?ho già (?:provato|fatto)(?: questo)?|non ho chiesto questo",
    ),
    denies_before="no|ma|mi dispiace|purtroppo|scusa|scusi",
    denies_after="affatto|per niente|nemmeno|neanche|purtroppo",
    upset=(
        r"(?:e|siete|sei) (?:\w+ ){0,2}(?:una vergogna|una truffa|inaccettabile|ridicol[oi]|incapaci|inutil[ei]|uno schifo)|nessuno (?:risponde|aiuta)|sono (?:\w+ ){0,2}(?:arrabbiat[oa]|furios[oa]|stuf[oa]|delus[oa] e)|non compro piu|che (?:vergogna|schifo)|merda|cazzo|ladri",
        (
            r"(?:questo|questa|è|siete|sei|sono) (?:\w+ ){0,2}"
            r"(?:ridicol[oi]|inaccettabile|una vergogna|vergognoso|uno scherzo|inutil[ei]|assurdo|uno schifo|scandaloso)"
        ),
        r"(?:seconda|terza|quarta|quinta|decima|ennesima) volta che (?:chiedo|scrivo|lo chiedo|lo dico|vi)",
        r"quante volte (?:devo|dobbiamo|bisogna) (?:chiedere|dire|scrivere|ripetere|spiegare)\w*",
        r"per l'ultima volta|sono (?:\w+ ){0,2}(?:arrabbiat[oa]|furios[oa]|stuf[oa]|incazzat[oa]|frustrat[oa])",
        r"idioti|imbecilli|(?:bot|robot|servizio|supporto) (?:stupido|inutile|pessimo|di merda)|perdita di tempo",
        r"merda|cazzo|vaffanculo|che schifo|pessimo servizio",
    ),
    none=(
        r"(?:no,? )?(?:nessun[oa]|niente)(?: (?:di (?:questi|queste|essi|esse|loro)|dei due|dei tre|va bene))?",
        r"(?:no,? )?(?:qualcos'altro|altro|un'altra cosa)",
    ),
    places={
        "in alto": 1,
        "di mezzo": 2,
        "primo": 1,
        "prima": 1,
        "uno": 1,
        "una": 1,
        "secondo": 2,
        "seconda": 2,
        "due": 2,
        "terzo": 3,
        "terza": 3,
        "tre": 3,
        "quarto": 4,
        "quarta": 4,
        "quattro": 4,
    },
    last="ultima|ultimo|in basso",
    place_before=r"(?:intendo |voglio )?(?:il |la |l'|lo |numero |il numero |opzione |l'opzione )?",
    place_after="opzione|per favore|grazie",
    place_said="sì|si|ok|va bene|no|grazie|per favore|credo|penso|forse|è|è la|è il|quella|quello|quella di|quello di|la|il|lo|di|del|della|su|voglio|scelgo|prendo|opzione|intendo",
    forget=(
        (
            r"(?:per favore,? )?(?:cancella|cancellate|cancelli|elimina|eliminate|elimini) "
            r"tutto (?:quello che (?:avete|hai|ha) )?su di me(?:,? per favore)?"
        ),
        (
            r"(?:per favore,? )?(?:dimenticami|dimenticatemi|mi dimentichi|(?:cancella|cancellate|cancelli|elimina|eliminate|"
            r"elimini) (?:tutti )?i miei (?:dati|messaggi|dati personali))(?:,? per favore)?"
        ),
        (
            r"(?:voglio|vorrei) (?:che (?:cancelliate|cancelli|eliminiate) (?:tutti )?i miei dati|cancellare (?:tutti )?i miei dati|"
            r"essere dimenticat[oa])(?: personali)?"
        ),
    ),
    stepwise=(
        (
            r"(?:per favore,? )?(?:(?:spiegamelo|dimmelo|mostramelo|puoi spiegarlo|può spiegarlo) )?"
            r"(?:passo (?:per|dopo) passo|passo passo|un passo alla volta|uno alla volta)(?:,? (?:per favore|grazie))?"
        ),
    ),
    names={
        "en": "inglese",
        "sv": "svedese",
        "de": "tedesco",
        "es": "spagnolo",
        "fr": "francese",
        "da": "danese",
        "nb": "norvegese",
        "it": "italiano",
        "pt": "portoghese",
        "nl": "olandese|neerlandese",
        "fi": "finlandese|finnico",
        "pl": "polacco",
    },
    names_before=(
        r"(?:parla|parlate|parli)(?: anche)?|"
        r"in|parlo|preferisco(?: l')?|(?:scrivi|scriva|rispondi|risponda|parla|parli|continua)(?:mi)?(?: in)?|"
        r"(?:puoi|può|potete|possiamo|si può) (?:scrivere|rispondere|parlare|continuare|scrivermi|rispondermi)(?: in)?"
    ),
    names_after="per favore|per piacere|grazie|invece|solo",
    function=words(
        """il lo la i gli le l un uno una e ed o ma anche che in nel nella di del della dei delle a al alla ai da dal dalla con
        su sul sulla per tra come è sono era essere ho hai ha abbiamo hanno aveva può posso possiamo devo deve voglio vorrei mi
        mio mia miei mie ci nostro noi tu ti tuo tua si suo sua lei lui loro io questo questa questi quello quella qui lì già
        più molto se grazie ciao favore"""
    ),
    asking=words("cosa chi quale quali quando dove perché come quanto quanta quanti quante"),
    negations=words("non mai senza nessun nessuno nessuna no"),
    anaphora=words("questo questa questi queste quello quella lo la li le esso ciò"),
    opens="e|ma|o|allora|che ne dici di|e se|e per|invece",
    asks=(
        r"come|cosa|che cosa|dove|quando|perché|quale|quanto|chi|(?:si )?può|posso|potete|c'è|ci sono|è possibile|devo",
    ),
    asks_on=r"(?:mi|ti|si|ci|vi|lo|la) \w+|(?:posso|puo|si puo|serve|avete|accettate|funziona|costa|c'e|ci sono|e|devo|ho|include|ritirate|spedite|fate) \w+",
    asks_to=r"(?:voglio|vorrei|devo)",
    joins="e|ed",
    unwanted=(
        r"\bnon (?:voglio|volevo|vorrei|desidero|intendo|ho intenzione|ho chiesto|ho mai chiesto|ho mai voluto|vogliamo)\b|\b(?:preferisco|preferirei) (?:che )?non\b|\bin nessun caso\b",
        r"^(?:per favore |ma |e |per piacere )*non (?:lo |la |mi |li |le )?(?!funziona|posso|riesc|so\b|c'e|trov|va\b|ho\b|si\b|ricev|ved|carica|accend|rispond|arriva|compar|capi)\w+(?:are|ere|ire|ate|ete|ite)\b|^(?:per favore )+non \w+",
    ),
)
