"""Settings of the reader: none is asked unless its address or a reranker is given."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from retrieval.reader.bounds import ReaderLimits


class ReaderSettings(BaseModel):
    """A chat endpoint that says which of the found pages answers, and how much is asked of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of an OpenAI-compatible chat endpoint, such as http://127.0.0.1:8080/v1; without it, "
        "nothing is asked of anybody.",
    )
    model: str | None = Field(None, min_length=1, description="Name of the model there.")
    key: SecretStr | None = Field(None, description="What opens the endpoint, where something does.")
    timeout: float = Field(4, ge=0.1, le=20, description="Seconds after which a reply is no longer waited for.")
    pages: int = Field(8, ge=2, le=10, description="Pages that it is shown of those found.")
    characters: int = Field(450, ge=100, le=4000, description="Characters that it is shown of each page.")
    mask: bool = Field(
        True,
        description="Whether cards, accounts, mail addresses, phone numbers, tokens, passwords and the customer's name "
        "are taken out of what it is shown.",
    )
    learn: int = Field(
        60, ge=0, le=2000, description="Calls by which `reindex` learns what a reader is worth; 0 believes it as it is."
    )
    at_once: int = Field(4, ge=1, le=64, description="Calls at once in one process; what is more is not asked.")
    per_hour: int = Field(600, ge=0, description="Calls of one process in any hour.")
    per_customer: int = Field(20, ge=0, description="Calls for one customer in any hour.")
    per_day: int = Field(5000, ge=0, description="Calls of one process in any day.")

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        if (self.url is None) != (self.model is None):
            raise ValueError("url and model are given together, or neither is")
        return self

    @property
    def limits(self) -> ReaderLimits:
        """The most that is asked."""
        return ReaderLimits(
            at_once=self.at_once, per_hour=self.per_hour, per_customer=self.per_customer, per_day=self.per_day
        )
