"""Requests of the web chat, taken apart and checked; each refusal is a sentence for the customer."""

import hashlib
import re
import secrets
from typing import Annotated, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.message import LONGEST_TEXT, ActionName
from channels.webhooks import BodyTooLarge, read_limited

#: Bytes of a body: the longest text with every character escaped, and room for the rest.
LARGEST_BODY = LONGEST_TEXT * 12 + 4_096
#: No message has a higher number; databases refuse larger ones in their own words.
HIGHEST_NUMBER = 2**31 - 1
TOO_LONG = f"This message is longer than {LONGEST_TEXT:,} characters. Please shorten it, or send it in parts."

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class MessageBody(BaseModel):
    """The body of POST /chat/messages."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    text: str
    locale: Annotated[str, Field(max_length=35)] | None = None
    name: Annotated[str, Field(max_length=200)] | None = None


class ActionBody(BaseModel):
    """The body of POST /chat/actions."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: ActionName
    message_id: Annotated[int, Field(ge=0, le=HIGHEST_NUMBER)] | None = None
    choice: Annotated[str, Field(max_length=40)] | None = None

    @model_validator(mode="after")
    def _says_what_was_chosen(self) -> Self:
        if self.name == "choose" and (self.choice is None or self.message_id is None):
            raise ValueError("choosing needs a choice and its message_id")
        return self


Body = TypeVar("Body", MessageBody, ActionBody)


def new_token() -> str:
    """256 random bits, which only the customer's browser keeps."""
    return secrets.token_urlsafe(32)


def address_of(request: Request) -> str:
    """The conversation's address, from which its token cannot be found."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token):
        raise HTTPException(
            401, "This conversation is not known here. Start a new one.", headers={"WWW-Authenticate": "Bearer"}
        )
    return hashlib.sha256(token.encode()).hexdigest()


def last_seen(request: Request) -> int:
    """The id after which a client wants to go on, from Last-Event-ID or ?after=."""
    value = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise HTTPException(400, f"The last seen message must be a number, not {value[:40]!r}.")
    return int(value)


async def read_body(request: Request, shape: type[Body]) -> Body:
    """The JSON body, read with a limit and checked."""
    try:
        return shape.model_validate_json(await read_limited(request, LARGEST_BODY))
    except BodyTooLarge as error:
        raise HTTPException(413, TOO_LONG) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise HTTPException(400, "The request is not valid JSON.") from error
        key = ".".join(map(str, first["loc"])) or "the request"
        raise HTTPException(422, f"{key}: {first['msg']}.") from error


def text_of(said: MessageBody) -> str:
    """The text of a message; HTTPException 422 when it is empty, 413 when it is too long."""
    text = said.text.replace("\x00", "")
    if not text.strip():
        raise HTTPException(422, "This message is empty. Please write something.")
    if len(text) > LONGEST_TEXT:
        raise HTTPException(413, TOO_LONG)
    return text


async def refusal(_request: Request, error: Exception) -> Response:
    """Any HTTP error, as JSON with one sentence."""
    assert isinstance(error, HTTPException)
    sentence = "There is nothing at this address." if error.detail == "Not Found" else error.detail
    return JSONResponse({"error": sentence}, status_code=error.status_code, headers=error.headers)


async def not_stored(_request: Request, _error: Exception) -> Response:
    """The message is the widget's to keep, and to send again."""
    sentence = "Your message could not be stored just now. Please try again in a moment."
    return JSONResponse({"error": sentence}, status_code=503, headers={"Retry-After": "5"})
