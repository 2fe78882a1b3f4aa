"""The language of a conversation: it belongs to the conversation, and a message is only evidence.

`common_words` counts the words that only some languages have, `evidence` weighs them with a detector's opinion,
`belief` is what is thought likely before a turn and after it, and `settle` decides; `hearing` puts a turn to them.
"""
