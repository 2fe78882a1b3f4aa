"""French wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:ça|cela|ce|c'|cette réponse|votre réponse|la réponse|ta réponse)"

LEXICON = Lexicon(
    language="fr",
    openers=(
        "mais encore toujours pourtant non pas jamais rien ce cela ça le la les mon ma mes je nous comment que quoi pourquoi "
        "où quand qui quel quelle peut est sont aussi et ou si donc faux"
    ),
    polite="s'il (?:vous|te) plaît|svp|stp|merci|maintenant",
    denies=(
        (
            rf"(?:{_IT} ?)?(?:ne |n')?(?:m')?(?:a pas|marche pas|fonctionne pas|m'aide pas|aide pas|va pas|répond pas)"
            r"(?: (?:vraiment|du tout))?(?: ?(?:aidé|marché|fonctionné|répondu)(?: à ma question)?| à ma question)?"
        ),
        (
            rf"{_IT} ?(?:est|était) (?:faux|inexact|pas (?:vrai|juste|correct|utile|ça|ce que (?:j'ai demandé|je voulais|je "
            r"cherche|je veux dire)))"
        ),
        (
            rf"{_IT} ?n'(?:est|était) pas (?:vrai|juste|correct|utile|ça|ce que (?:j'ai demandé|je voulais|je cherche|je veux "
            r"dire)|la bonne réponse)"
        ),
        r"(?:c'est )?faux|mauvaise réponse|(?:ça )?(?:ne )?marche toujours pas|ce n'est pas ma question|toujours pareil",
        r"j'ai déjà (?:essayé|fait)(?: (?:ça|cela))?|je l'ai déjà (?:essayé|fait)",
    ),
    denies_before="non|mais|désolée?|pardon",
    denies_after="du tout|non plus|malheureusement|hélas",
    upset=(
        r"c'est (?:\w+ ){0,2}(?:une arnaque|n'importe quoi|inadmissible|une honte|un manque de respect|lamentable|de la merde|du foutage de gueule|inacceptable|scandaleux|nul)|inadmissible|scandaleux",
        r"j'en (?:ai marre|peux plus|ai assez)|ras le bol|marre de|quelle honte|personne ne (?:repond|m'aide)|n'ach\w+ plus (?:jamais )?chez vous|vous vous moquez|foutez de (?:moi|ma gueule)|putain|merde|je suis (?:\w+ ){0,2}(?:furieux|furieuse|en colere|enerve\w*|fache\w*|decu\w* et)|incompetents|voleurs|escrocs",
        (
            r"(?:c'est|vous êtes|tu es|ceci est) (?:\w+ ){0,2}"
            r"(?:ridicule|inadmissible|inacceptable|une honte|honteux|scandaleux|une blague|nul|inutile|n'importe quoi)"
        ),
        r"(?:deuxième|troisième|quatrième|cinquième|dixième|énième) fois que (?:je|j'|vous)",
        r"combien de fois (?:dois-je|faut-il|je dois) (?:\w+ )?(?:demander|dire|écrire|répéter|expliquer)",
        r"pour la dernière fois|je suis (?:\w+ ){0,2}(?:furieu(?:x|se)|en colère|énervée?|excédée?)|j'en ai (?:marre|assez)",
        r"ras[ -]le[ -]bol|idiots|imbéciles|(?:bot|robot|service|support) (?:stupide|inutile|nul|de merde)",
        r"perte de temps|bordel|merde|putain|foutez de ma gueule|foutez de moi",
    ),
    none=(
        r"(?:non,? )?(?:aucune?|rien)(?: (?:de (?:ceux-là|celles-là|ces pages|tout ça|cela)|des (?:deux|trois)|d'entre .*))?",
        r"(?:non,? )?(?:autre chose|ni l'une? ni l'autre)",
    ),
    places={
        "du haut": 1,
        "d'en haut": 1,
        "du milieu": 2,
        "premier": 1,
        "première": 1,
        "un": 1,
        "une": 1,
        "deuxième": 2,
        "second": 2,
        "seconde": 2,
        "deux": 2,
        "troisième": 3,
        "trois": 3,
        "quatrième": 4,
        "quatre": 4,
    },
    last="dernière|dernier|du bas|d'en bas",
    place_before=r"(?:je (?:veux dire|parle de|pense à) )?(?:le |la |l'|numéro |le numéro |option |l'option )?",
    place_after="option|s'il (?:vous|te) plaît|svp|merci",
    place_said="oui|ouais|ok|d'accord|non|merci|svp|stp|s'il vous plaît|je crois|je pense|peut-être|c'est|celle|celui|celle de|celui de|celle du|celui du|sur|la|le|les|l|de|du|des|je veux|je prends|je choisis|plutôt|option",
    forget=(
        (
            r"(?:merci de |veuillez )?(?:supprimez|supprime|supprimer|effacez|efface|effacer) "
            r"tout (?:ce que (?:vous avez|tu as) )?(?:sur|à propos de) moi(?:,? (?:s'il (?:vous|te) plaît|svp|stp))?"
        ),
        (
            r"(?:merci de |veuillez |s'il (?:vous|te) plaît,? )?(?:oubliez[ -]moi|oublie[ -]moi|(?:supprimez|supprime|supprimer|"
            r"effacez|efface|effacer) (?:toutes )?mes (?:données|messages|données personnelles|informations))"
            r"(?:,? (?:s'il (?:vous|te) plaît|svp|stp))?"
        ),
        (
            r"je (?:veux|voudrais|souhaite) (?:que (?:vous|tu) (?:supprimiez|effaciez|supprimes|effaces)|supprimer|effacer|faire "
            r"(?:supprimer|effacer)) (?:toutes )?mes données(?: personnelles)?|je (?:veux|voudrais) être oubliée?"
        ),
    ),
    stepwise=(
        (
            r"(?:(?:expliquez|explique|montrez|montre|dites|dis)(?:[ -](?:le|la|moi))* )?"
            r"(?:étape par étape|pas à pas|une étape à la fois|une par une|une à une)"
            r"(?:,? (?:s'il (?:vous|te) plaît|svp|stp))?"
        ),
    ),
    names={
        "en": "anglais",
        "sv": "suédois",
        "de": "allemand",
        "es": "espagnol",
        "fr": "français",
        "da": "danois",
        "nb": "norvégien",
        "it": "italien",
        "pt": "portugais",
        "nl": "néerlandais|hollandais",
        "fi": "finnois|finlandais",
        "pl": "polonais",
    },
    names_before=(
        r"(?:parlez-vous|parles-tu|vous parlez|tu parles|est-ce que vous parlez)|"
        r"en|je (?:parle|préfère)(?: (?:en|le))?|(?:écrivez|écris|répondez|réponds|parlez|parle|continuez)(?:[ -]moi)?(?: en)?|"
        r"(?:pouvez-vous|peux-tu|vous pouvez|tu peux|peut-on|on peut) (?:m')?(?:écrire|répondre|parler|continuer)(?: en)?"
    ),
    names_after="s'il (?:vous|te) plaît|svp|stp|merci|plutôt|seulement",
    function=words(
        """le la les l un une des du de d et ou mais aussi donc en à au aux dans sur pour par avec chez comme est sont était
        être suis ai as a avez avons ont avait peut peux pouvez puis dois doit faut veux voudrais je j me m mon ma mes moi nous
        notre nos vous votre vos tu te ton ta tes toi il elle ils elles on se s son sa ses leur ce c cet cette ces ça cela ici
        là y qu que qui si plus très bien merci bonjour plaît"""
    ),
    asking=words("quoi qui quel quelle quels quelles quand où comment pourquoi combien lequel laquelle"),
    negations=words("pas ne n jamais sans aucun aucune non"),
    anaphora=words("ça cela ce cette ces le la les celui celle ceux celles ceci"),
    opens="et|mais|ou|alors|qu'en est-il|et si|et pour",
    asks=(
        (
            r"comment|quoi|où|quand|pourquoi|combien|quels?|quelles?|qui|est-ce que|qu'est-ce|(?:peut-on|puis-je|pouvez-vous)|"
            r"y a-t-il|dois-je|faut-il|est-il possible|je peux"
        ),
    ),
    asks_on=r"(?:est-ce|\w+-(?:vous|tu|il|elle|on|je|ils|t-il|t-elle))|(?:puis|peut|faut|est|y a) \w+|c'est (?:quoi|combien)",
    asks_to=r"je (?:veux|voudrais|souhaite|peux)|j'aimerais",
    joins="et|ainsi que",
    unwanted=(
        r"\b(?:veux|voulais|souhaite|souhaitais|desire|compte|vais|voudrais|aimerais) (?:surtout |vraiment )?pas\b|\bn'ai (?:jamais|pas) (?:demande|voulu|souhaite)\b|\b(?:prefere|prefererais|merci de|priere de|demande de) ne (?:pas|plus)\b|\ben aucun cas\b",
        r"^(?:s'il vous plait |s'il te plait |svp |non |mais |et )*(?:ne |n')?\w+ez (?:surtout )?(?:pas|jamais)\b|^(?:svp |non |mais )*(?:ne |n')(?!marche|fonctionne|trouve|detecte|affiche|accepte|charge|ouvre|clignote|demarre|connecte|arrive|s'|peu|sai|reconnai)\w+e?s? (?:surtout )?pas (?:le|la|les|mon|ma|mes|l'|ce|cette|notre)",
        r"^(?:finalement |en fait |non )+je n(?:e |')\w+ pas\b|^(?:svp )?pas de \w+(?:tion|ment)\b",
    ),
)
