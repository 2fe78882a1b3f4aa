"""A channel's section of the settings, read by a model of it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from channels.errors import BadSettings

Model = TypeVar("Model", bound=BaseModel)


def read_settings(model: type[Model], channel: str, settings: Mapping[str, Any]) -> Model:
    """The section, checked; BadSettings names the key that is wrong, a wrong name before all.

    A wrong number is shown; what was given otherwise is not, since it may be a secret in the wrong place.
    """
    try:
        return model.model_validate(dict(settings))
    except ValidationError as error:
        faults = error.errors(include_url=False)
    raise _bad(min(faults, key=lambda fault: fault["type"] != "extra_forbidden"), model, channel)


def _bad(fault: Mapping[str, Any], model: type[BaseModel], channel: str) -> BadSettings:
    where: Sequence[Any] = fault["loc"]
    key = ".".join(["channels", channel, *map(str, where)])
    if fault["type"] == "extra_forbidden":
        return BadSettings(f"{key}: no such setting; there are: {', '.join(model.model_fields)}")
    if fault["type"] == "missing":
        return BadSettings(f"{key}: missing; it is needed")
    given = f", not {fault['input']!r}" if isinstance(fault["input"], int | float) else ""
    return BadSettings(f"{key}: {fault['msg'].removeprefix('Value error, ')}{given}")
