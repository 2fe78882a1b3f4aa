"""Words of the channel's own: beside buttons, and in Telegram's menu of commands."""

#: What stands before "helped", and before "didn't help".
UP, DOWN = "👍", "👎"

THANKS = "Thank you."
NOTED = "Noted."
PASSED_ON = "We'll find somebody for you."
NOT_YOURS = "These buttons are for the person who asked. Write to me yourself, and I'll answer you."
TOO_OLD = "These buttons are too old. Please write your question again."

#: What the menu of commands shows, in the order it shows it.
COMMANDS = {
    "start": "Begin",
    "help": "What I can do for you",
    "human": "Talk to a human",
    "language": "Answer in my language, or: /language sv",
    "forget": "Forget what I wrote here",
}
COMMANDS_SV = {
    "start": "Börja",
    "help": "Vad jag kan hjälpa till med",
    "human": "Prata med en människa",
    "language": "Svara på mitt språk, eller: /language en",
    "forget": "Glöm vad jag skrivit här",
}
#: What a customer would say who wants what a command is for.
GREETING = "Hello"
GREETING_SV = "Hej"
A_HUMAN = "A human, please."
