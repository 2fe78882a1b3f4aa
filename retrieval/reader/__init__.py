"""The reader: an optional model that says which of the found pages answers a question. It chooses, it never writes."""
