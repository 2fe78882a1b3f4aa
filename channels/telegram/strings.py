"""Words of the channel's own: beside buttons, and in Telegram's menu of commands."""

from collections.abc import Mapping

#: What stands before "helped", and before "didn't help".
UP, DOWN = "👍", "👎"

#: Told for a moment to who pressed, in the language of their Telegram; at most 200 characters.
THANKS = {
    "en": "Thank you.",
    "sv": "Tack.",
    "de": "Danke.",
    "es": "Gracias.",
    "fr": "Merci.",
    "da": "Tak.",
    "nb": "Takk.",
    "it": "Grazie.",
    "pt": "Obrigado.",
    "nl": "Dank je.",
    "fi": "Kiitos.",
    "pl": "Dziękuję.",
}
NOT_YOURS = {
    "en": "These buttons are for the person who asked. Write to me yourself, and I'll answer you.",
    "sv": "De här knapparna är till för den som frågade. Skriv till mig själv, så svarar jag.",
    "de": "Diese Tasten sind für die Person, die gefragt hat. Auf eine eigene Nachricht kommt eine Antwort.",
    "es": "Estos botones son de quien preguntó. Con un mensaje propio habrá respuesta.",
    "fr": "Ces boutons sont pour la personne qui a posé la question. Un message à part aura sa réponse.",
    "da": "Knapperne er til den, der spurgte. Skriv selv til mig, så svarer jeg.",
    "nb": "Knappene er for den som spurte. Skriv til meg selv, så svarer jeg.",
    "it": "Questi pulsanti sono per chi ha fatto la domanda. A un messaggio proprio segue una risposta.",
    "pt": "Estes botões são de quem perguntou. Uma mensagem própria terá resposta.",
    "nl": "Deze knoppen zijn voor wie de vraag stelde. Op een eigen bericht komt een antwoord.",
    "fi": "Painikkeet ovat kysyjälle. Omaan viestiin tulee vastaus.",
    "pl": "Te przyciski są dla osoby, która zadała pytanie. Na własną wiadomość przyjdzie odpowiedź.",
}
TOO_OLD = {
    "en": "These buttons are too old. Please write your question again.",
    "sv": "De här knapparna är för gamla. Skriv din fråga igen.",
    "de": "Diese Tasten sind zu alt. Bitte die Frage noch einmal schreiben.",
    "es": "Estos botones ya no valen. Hace falta escribir la pregunta otra vez.",
    "fr": "Ces boutons sont trop anciens. Il faut écrire la question à nouveau.",
    "da": "Knapperne er for gamle. Skriv spørgsmålet igen.",
    "nb": "Knappene er for gamle. Skriv spørsmålet på nytt.",
    "it": "Questi pulsanti sono troppo vecchi. Occorre scrivere di nuovo la domanda.",
    "pt": "Estes botões são demasiado antigos. É preciso escrever a pergunta de novo.",
    "nl": "Deze knoppen zijn te oud. Stel de vraag opnieuw.",
    "fi": "Painikkeet ovat liian vanhoja. Kysymys pitää kirjoittaa uudelleen.",
    "pl": "Te przyciski są zbyt stare. Trzeba napisać pytanie jeszcze raz.",
}


def in_language(words: Mapping[str, str], language_code: str | None) -> str:
    """The words for the language of somebody's Telegram, such as "pt-br"; English where there are none."""
    code = (language_code or "").lower().partition("-")[0]
    return words.get("nb" if code in {"no", "nn"} else code, words["en"])


#: The commands, in the order in which the menu shows them.
COMMANDS = ("start", "help", "human", "language", "forget")
#: What the menu says of each, at most 256 characters.
MENU: dict[str, tuple[str, ...]] = {
    "en": (
        "Begin",
        "What I can do for you",
        "Talk to a human",
        "Answer in my language, or: /language sv",
        "Forget what I wrote here",
    ),
    "sv": (
        "Börja",
        "Vad jag kan hjälpa till med",
        "Prata med en människa",
        "Svara på mitt språk, eller: /language en",
        "Glöm vad jag skrivit här",
    ),
    "de": (
        "Beginnen",
        "Wobei ich helfen kann",
        "Mit einem Menschen sprechen",
        "In meiner Sprache antworten, oder: /language en",
        "Vergessen, was ich hier geschrieben habe",
    ),
    "es": (
        "Empezar",
        "En qué puedo ayudar",
        "Hablar con una persona",
        "Responder en mi idioma, o: /language en",
        "Olvidar lo que he escrito aquí",
    ),
    "fr": (
        "Commencer",
        "Ce que je peux faire",
        "Parler à un humain",
        "Répondre dans ma langue, ou : /language en",
        "Oublier ce que j’ai écrit ici",
    ),
    "da": (
        "Begynd",
        "Hvad jeg kan hjælpe med",
        "Tal med et menneske",
        "Svar på mit sprog, eller: /language en",
        "Glem, hvad jeg har skrevet her",
    ),
    "nb": (
        "Begynn",
        "Hva jeg kan hjelpe med",
        "Snakk med et menneske",
        "Svar på språket mitt, eller: /language en",
        "Glem det jeg har skrevet her",
    ),
    "it": (
        "Inizia",
        "In che cosa posso aiutare",
        "Parlare con una persona",
        "Rispondi nella mia lingua, o: /language en",
        "Dimentica ciò che ho scritto qui",
    ),
    "pt": (
        "Começar",
        "Em que posso ajudar",
        "Falar com uma pessoa",
        "Responder na minha língua, ou: /language en",
        "Esquecer o que escrevi aqui",
    ),
    "nl": (
        "Beginnen",
        "Waarmee ik kan helpen",
        "Met een mens praten",
        "Antwoord in mijn taal, of: /language en",
        "Vergeet wat ik hier heb geschreven",
    ),
    "fi": (
        "Aloita",
        "Missä voin auttaa",
        "Puhu ihmisen kanssa",
        "Vastaa kielelläni, tai: /language en",
        "Unohda, mitä olen kirjoittanut tänne",
    ),
    "pl": (
        "Zacznij",
        "W czym mogę pomóc",
        "Porozmawiaj z człowiekiem",
        "Odpowiadaj w moim języku albo: /language en",
        "Zapomnij, co tu zostało napisane",
    ),
}
#: What a customer would say who wants what a command is for.
GREETING = {
    "en": "Hello",
    "sv": "Hej",
    "de": "Guten Tag",
    "es": "Hola",
    "fr": "Bonjour",
    "da": "Hej",
    "nb": "Hei",
    "it": "Buongiorno",
    "pt": "Olá",
    "nl": "Hallo",
    "fi": "Hei",
    "pl": "Dzień dobry",
}
A_HUMAN = "A human, please."
