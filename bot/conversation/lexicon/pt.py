"""Portuguese small talk, wishes and complaints, of Portugal and of Brazil. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:isso|isto|a resposta|a tua resposta|a sua resposta|aquilo)"

LEXICON = Lexicon(
    language="pt",
    openers=(
        "mas ainda continua não nunca nada isso isto o a os as meu minha meus eu nós como que por onde quando quem qual pode "
        "posso é são também e ou assim se errado"
    ),
    polite="por favor|se faz favor|pf|pfv|obrigad[oa]|agora|já",
    denies=(
        (
            rf"(?:{_IT} )?(?:ainda |continua a |mesmo assim )?não (?:me )?(?:ajudou|ajuda|serviu|serve|funcionou|funciona|funcionar|"
            r"deu certo|resultou|resolveu|é verdade|está (?:certo|correto|correcto)|é (?:isso|o que (?:perguntei|queria|preciso|"
            r"quis dizer))|foi (?:isso|o que (?:perguntei|pedi))|respondeu à minha pergunta)"
        ),
        rf"(?:{_IT} )?(?:está |é )?(?:errad[oa]|falso|mentira)|resposta errada|continua (?:na mesma|igual)",
        r"(?:isso )?(?:eu )?já (?:tentei|fiz|experimentei)(?: isso| isto)?|não perguntei isso",
    ),
    denies_before="não|mas|desculpe|desculpa|infelizmente",
    denies_after="nada|de todo|também|nem um pouco|infelizmente",
    upset=(
        r"(?:isto|isso|e|sao) (?:\w+ ){0,2}(?:uma vergonha|uma burla|um absurdo|inaceitavel|ridiculo|inuteis|uma porcaria|golpe|uma palhacada)|ninguem (?:responde|ajuda)|estou (?:\w+ ){0,2}(?:furios[oa]|zangad[oa]|irritad[oa]|fart[oa]|indignad[oa])|nunca mais compro|que (?:vergonha|porcaria|absurdo)|merda|ladroes",
        (
            r"(?:isto|isso|é|são|vocês são|você é) (?:\w+ ){0,2}"
            r"(?:ridículo|inaceitável|uma vergonha|uma piada|inúte?i?s?l?|absurdo|um absurdo|uma palhaçada|vergonhoso|patético)"
        ),
        r"(?:segunda|terceira|quarta|quinta|décima|enésima) vez que (?:eu )?(?:pergunto|escrevo|digo|peço|vos)",
        r"quantas vezes (?:tenho (?:que|de)|preciso|devo|é preciso) (?:perguntar|dizer|escrever|repetir|explicar)\w*",
        r"pela última vez|(?:estou|tô) (?:\w+ ){0,2}(?:furios[oa]|irritad[oa]|zangad[oa]|fart[oa]|chatead[oa]|frustrad[oa])",
        r"idiotas|imbecis|(?:bot|robô|serviço|suporte) (?:estúpido|inútil|péssimo|de merda|burro)|perda de tempo",
        r"merda|porra|caralho|que palhaçada|péssimo (?:serviço|atendimento)",
    ),
    none=(
        r"(?:não,? )?(?:nenhuma?|nada)(?: (?:dess[ea]s|dest[ea]s|del[ea]s|disso|das (?:duas|três)|dos (?:dois|três)))?",
        r"(?:não,? )?(?:outra coisa|algo diferente)",
    ),
    places={
        "de cima": 1,
        "do meio": 2,
        "primeiro": 1,
        "primeira": 1,
        "um": 1,
        "uma": 1,
        "segundo": 2,
        "segunda": 2,
        "dois": 2,
        "duas": 2,
        "terceiro": 3,
        "terceira": 3,
        "três": 3,
        "quarto": 4,
        "quarta": 4,
        "quatro": 4,
    },
    last="última|último|de baixo",
    place_before=r"(?:quero dizer |quero |refiro-me a )?(?:o |a |ao |à |número |o número |opção |a opção )?",
    place_after="opção|por favor|obrigad[oa]",
    place_said="sim|ok|está bem|não|obrigado|obrigada|por favor|acho que|acho|talvez|é|é o|é a|o da|a da|o do|a do|o|a|de|da|do|quero|escolho|esse|essa|isso|opção|prefiro|sobre",
    forget=(
        (
            r"(?:por favor,? )?(?:apaga|apague|apaguem|elimina|elimine|eliminem|exclua) "
            r"tudo (?:o que (?:tens|tem|têm) )?sobre mim(?:,? por favor)?"
        ),
        (
            r"(?:por favor,? )?(?:esquece-me|esqueça-me|me esqueça|esqueçam-me|(?:apaga|apague|apaguem|elimina|elimine|eliminem|"
            r"exclua|exclui|delete) (?:todos )?(?:os )?meus (?:dados|dados pessoais)|(?:apaga|apague|apaguem) (?:todas )?as minhas "
            r"mensagens)(?:,? por favor)?"
        ),
        (
            r"(?:quero|queria|gostaria) (?:de )?(?:que (?:apaguem|eliminem|excluam) (?:todos )?os meus dados|apagar (?:todos )?os "
            r"meus dados|ser esquecid[oa])(?: pessoais)?"
        ),
    ),
    stepwise=(
        (
            r"(?:por favor,? )?(?:(?:explica|explique|mostra|mostre|pode explicar)(?:-me| me)? )?"
            r"(?:passo a passo|um passo de cada vez|passo por passo|um de cada vez)(?:,? por favor)?"
        ),
    ),
    names={
        "en": "inglês",
        "sv": "sueco",
        "de": "alemão",
        "es": "espanhol",
        "fr": "francês",
        "da": "dinamarquês",
        "nb": "norueguês",
        "it": "italiano",
        "pt": "português",
        "nl": "neerlandês|holandês",
        "fi": "finlandês",
        "pl": "polaco|polonês",
    },
    names_before=(
        r"(?:(?:vocês?|voce) )?(?:fala|falas|falam)|"
        r"em|(?:eu )?(?:falo|prefiro)|(?:escreve|escreva|responde|responda|fala|fale|continua|continue)(?:-me)?(?: em)?|"
        r"(?:pode|podes|podem|podemos|você pode|dá para) (?:escrever|responder|falar|continuar)(?: em)?"
    ),
    names_after="por favor|se faz favor|obrigad[oa]|pf|só",
    function=words(
        """o a os as um uma uns umas e ou mas também que em no na nos nas de do da dos das ao à aos com por pelo pela para
        desde como sobre é são era está estão estou ser estar foi há tem tenho têm pode posso podemos deve devo quero quer me
        meu minha meus minhas nos nosso tu te teu tua se seu sua você vocês eu ele ela eles lhe isto isso este esta esse essa
        aqui aí ali já mais muito obrigado obrigada olá favor"""
    ),
    asking=words("quê quem qual quais quando onde como porquê quanto quanta quantos quantas"),
    negations=words("não nunca sem nenhum nenhuma jamais nem"),
    anaphora=words("isso isto este esta esse essa aquele aquela o a os as"),
    opens="e|mas|ou|então|e se|e quanto|que tal",
    asks=(
        (
            r"como|o que|que|onde|quando|por ?que|porquê|qual|quanto|quem|(?:eu )?posso|pode-se|dá para|há|tem como|é possível|"
            r"tenho (?:que|de)|devo"
        ),
    ),
    asks_on=r"(?:me|se|te|nos) \w+|(?:posso|pode|precisa|aceitam|aceita|tem|tenho|ha|e|funciona|custa|inclui|devo|vou|vao|enviam|recebem|recebo) \w+",
    asks_to=r"(?:quero|queria|gostaria de|gostava de|preciso)",
    joins="e",
    unwanted=(
        r"\bnao (?:quero|queria|desejo|pretendo|vou|pedi|tenciono|queremos|gostaria)\b|\bnunca (?:pedi|quis)\b|\b(?:prefiro|preferia) (?:que )?nao\b|\bde (?:modo nenhum|forma alguma|jeito nenhum)\b",
        r"^(?:por favor |mas |e )*nao (?:me |o |a |os |as )?(?!funciona|consig|posso|sei\b|ha\b|esta|tenho|encontr|liga|carreg|receb|da\b|conect|acend|aparec|abre|respond|cheg|entend|perceb)\w+(?:em|am|es|as|e|a) (?:o|a|os|as|meu|minha|nosso|nossa|este|esta)\b|^(?:por favor )+nao \w+",
    ),
)
