"""Spanish wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

LEXICON = Lexicon(
    language="es",
    openers=(
        "pero aún todavía sigue no nunca nada eso esto el la los mi mis yo nosotros cómo qué por dónde cuándo quién cuál "
        "puede puedo es son hace también y o así si mal"
    ),
    polite="por favor|gracias|ahora|ya|porfa",
    denies=(
        (
            r"(?:eso |esto |la respuesta |tu respuesta )?(?:sigue |todavía |aún )*no (?:me )?(?:(?:ha|has|han) )?"
            r"(?:ayudó|ayuda|ayudado|sirvió|sirve|servido|funcionó|funciona|funcionado|funcionando|es correcto|es cierto|"
            r"es lo que (?:pregunté|quería|necesito|preguntaba|quise decir)|responde a mi pregunta)"
        ),
        r"(?:eso|esto) (?:está mal|es (?:falso|incorrecto|mentira))|(?:está )?mal|incorrecto|respuesta incorrecta",
        r"(?:eso )?ya lo (?:probé|intenté|hice|he (?:probado|intentado|hecho))|no pregunté eso|sigue igual",
    ),
    denies_before="no|pero|perdón|lo siento",
    denies_after="nada|para nada|tampoco|en absoluto",
    upset=(
        r"(?:esto|eso|es|son|sois|eres|ustedes son) (?:\w+ ){0,2}(?:una estafa|una verguenza|inutil\w*|una mierda|un asco|patetico|un robo|una tomadura de pelo|una burla|inaceptable|vergonzoso)|inaceptable|no sirve[sn]? para nada",
        r"que (?:demonios|diablos|verguenza|asco)|estoy (?:\w+ ){0,3}(?:molest[oa]|enfadad[oa]|indignad[oa]|hart[oa]|furios[oa]|cabread[oa])|nadie (?:contesta|responde|ayuda)|no vuelvo a comprar\w*|nunca mas (?:les )?compro|mierda|joder|estafadores|harto de|me teneis harto",
        (
            r"(?:esto|eso|es|sois|son|eres) (?:\w+ ){0,2}"
            r"(?:ridículo|una vergüenza|inaceptable|un chiste|una broma|inútil(?:es)?|indignante|patético|una mierda|absurdo)"
        ),
        r"(?:segunda|tercera|cuarta|quinta|décima|enésima) vez que (?:pregunto|escribo|lo digo|os|les|te)",
        r"cuántas veces (?:tengo que|debo|hay que) (?:preguntar|decir|escribir|repetir|explicar)\w*",
        r"por última vez|estoy (?:\w+ ){0,2}(?:hart[oa]|enfadad[oa]|enojad[oa]|furios[oa]|cabread[oa]|frustrad[oa])",
        r"idiotas|imbéciles|(?:estúpido|inútil|maldito|pésimo) (?:bot|robot|soporte|servicio)|pérdida de tiempo",
        r"(?:pésimo|peor) servicio|mierda|joder|qué coño|no me jodas|carajo",
    ),
    none=(
        r"(?:no,? )?(?:ningun[oa]|nada)(?: de (?:es[oa]s|est[oa]s|ell[oa]s|los anteriores|las anteriores))?",
        r"(?:no,? )?(?:otra cosa|algo distinto|ninguna sirve|ninguno sirve)",
    ),
    places={
        "de arriba": 1,
        "del medio": 2,
        "primero": 1,
        "primera": 1,
        "primer": 1,
        "uno": 1,
        "una": 1,
        "segundo": 2,
        "segunda": 2,
        "dos": 2,
        "tercero": 3,
        "tercera": 3,
        "tres": 3,
        "cuarto": 4,
        "cuarta": 4,
        "cuatro": 4,
    },
    last="última|último|ultima|de abajo",
    place_before=r"(?:me refiero a |quiero )?(?:el |la |lo |al |número |opción |la opción )?",
    place_after="opción|por favor|gracias",
    place_said="sí|si|vale|ok|no|por favor|gracias|creo que|quizás|es|es el|es la|la de|el de|lo de|el|la|lo|los|las|de|del|quiero|me refiero a|elijo|opción|ese|esa|esto|claro|prefiero",
    forget=(
        (
            r"(?:por favor,? )?(?:borra|borre|borrad|borren|elimina|elimine|eliminen) "
            r"todo (?:lo que (?:tienes|tiene|tenéis|tienen) )?sobre mí(?:,? por favor)?"
        ),
        (
            r"(?:por favor,? )?(?:olvídame|olvídeme|olvídense de mí|olvídate de mí|(?:borra|borre|borrad|borren|elimina|elimine|"
            r"eliminen) (?:todos )?mis (?:datos|mensajes|datos personales))(?:,? por favor)?"
        ),
        (
            r"quiero (?:borrar|eliminar) (?:todos )?mis datos(?: personales)?|quiero que (?:borren|borréis|borres|eliminen) "
            r"(?:todos )?mis datos(?: personales)?"
        ),
    ),
    stepwise=(
        (
            r"(?:por favor,? )?(?:(?:explícamelo|dímelo|muéstramelo|puedes explicarlo|vamos) )?"
            r"(?:paso a paso|paso por paso|un paso a la vez|de uno en uno|uno por uno)(?:,? por favor)?"
        ),
    ),
    names={
        "en": "inglés",
        "sv": "sueco",
        "de": "alemán",
        "es": "español|castellano",
        "fr": "francés",
        "da": "danés",
        "nb": "noruego",
        "it": "italiano",
        "pt": "portugués",
        "nl": "neerlandés|holandés",
        "fi": "finlandés|finés",
        "pl": "polaco",
    },
    names_before=(
        r"(?:hablas?|hablan|hablais)(?: usted(?:es)?)?|"
        r"en|hablo|prefiero|(?:por favor,? )?(?:escribe|escriba|responde|responda|contesta|habla|hable|sigue)(?:me)?(?: en)?|"
        r"(?:puedes|puede|podéis|pueden|podemos|se puede) (?:escribir|responder|contestar|hablar|seguir)(?:me)?(?: en)?"
    ),
    names_after="por favor|gracias|porfa|mejor|solo",
    function=words(
        """el la los las un una unos unas y o u e pero también que en de del a al con por para desde como sobre es son era
        está están estoy ser estar ha he han hay tiene tengo puede puedo podemos debe debo quiero quiere me mi mis nos nuestro
        tu tus te su sus se le lo les yo él ella ellos este esta esto ese esa eso aquí ahí ya más muy si gracias hola favor"""
    ),
    asking=words("qué quién quiénes cuál cuáles cuándo dónde adónde cómo cuánto cuánta cuántos cuántas"),
    negations=words("no nunca sin ningún ninguno ninguna jamás tampoco"),
    anaphora=words("eso esto ese esa este esta esos esas estos estas lo la los las ello"),
    opens="y|pero|o|entonces|qué pasa (?:con|si)|qué hay de|y si",
    asks=(r"cómo|qué|dónde|cuándo|por qué|cuál|cuánto|quién|(?:se )?puede|puedo|hay|es posible|tengo que|debo",),
    asks_on=r"(?:me|te|se|le|les|nos|os) \w+|cuant[oa]s?|(?:puedo|puede|pueden|podeis|necesita|necesito|aceptan|acepta|tengo|tiene|tienen|hay|es|esta|son|funciona|cuesta|incluye|debo|sirve|vale|venden|envian|cubre|cobran|hacen|hace) \w+",
    asks_to=r"(?:quiero|quisiera|me gustaria|necesito)",
    joins="y|e",
    unwanted=(
        r"\bno (?:quiero|queria|quisiera|deseo|pienso|voy a|pretendo|pedi|he pedido|solicite|queremos)\b|\b(?:nunca|jamas) (?:pedi|quise|he pedido|solicite)\b|\b(?:prefiero|preferiria) (?:que )?no\b|\bde ninguna manera\b|\bbajo ningun concepto\b",
        r"^(?:por favor |pero |y |porfa |que )*no (?:me |lo |la |los |las |le |nos )?(?!funciona|puedo|sirve|hay|esta|tengo|entiend|encuentr|carga|enciend|respond|aparec|llega|recib|recuerd|veo|conecta|abre|me )\w{2,}(?:es|en|as|an|eis|ais)\b",
        r"\bno he (?!recibid|podid|encontrad|visto|logrado|conseguid|sabid|entendid)\w+(?:ado|ido|to)\b",
    ),
)
