"""Phrases of the bot itself for customers, in each language it speaks.

`phrases_for("sv")` gives the `Phrases` of a language or locale; the rest is ids of phrases and a few methods:

| what | how |
|---|---|
| a hand-over, by its reason | `handover(reason)`, ids `handover.<reason>` |
| the corpus cannot serve this language | `handover("language")` |
| something small, by its kind | ids `social.<kind>`, such as `say("social.greeting")` |
| which page is meant, and none of them | `say("clarify")`, `say("choice.none")` |
| which page, where a yes came; the same line again | `say("social.which")`; `say("social.again")`, `again_asked` |
| the offer of a human, by why; its button | ids `offer.<why>`, such as `say("offer.upset")`; `say("choice.human")` |
| the bot has the conversation again | `say("handed_back")` |
| an answer in another language, offered as such | `other_language("en")`: "We have this in English only:" |
| which language to use, asked once; its choices | `ask_language()`; `own_name("sv")`: "Svenska" |
| the language was chosen | `language_set()`; `Social(phrase="language")` says it |
| all about the customer was deleted | `forgotten()` |
| they wish that: a person does it | `handover("forget")` |
| steps one at a time, offered | `say_count("step.offer", 5)` |
| a step | `say("step.place", step="2", count="5")`, `say("step.more")`, `say("step.last")` |
| how long a reply usually takes | `wait(within)`, after a hand-over |
| a date | `day(day)` |
| what stands beside a source's title | `source.*`, put together in bot/conversation/source_card.py |
| words to press or write back | `labels()` |
| more is written than can be answered at once | `say("busy")` |
"""

from bot.conversation.phrases.catalogue import LANGUAGES, USUAL_ADDRESS, Address, spoken
from bot.conversation.phrases.phrases import Phrases, PhrasesFor, own_name, phrases_for

__all__ = ["LANGUAGES", "USUAL_ADDRESS", "Address", "Phrases", "PhrasesFor", "own_name", "phrases_for", "spoken"]
