"""A reader that hangs, fails and lies, by chance: what it says must cost nobody an answer."""

import asyncio
import json
import random

from starlette.responses import JSONResponse, Response

from tests.reader_endpoint import Endpoint, Shown, completion

#: Seconds for which the bot waits for it, and for which it hangs.
PATIENCE, HANGS = 0.5, 3.0


class BadReader(Endpoint):
    """A chat endpoint of which nothing can be relied on."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # chaos, no secret
        super().__init__(says=self._says)

    def settings(self, url: str) -> list[str]:
        """The section of the settings that names it, at the server's address."""
        return ["[reader]", f'url = "{url}/v1"', 'model = "bad"', f"timeout = {PATIENCE}", "learn = 0", "at_once = 16"]

    def _says(self, shown: Shown) -> str | Response:
        pages = [*shown.pages, "d-elsewhere"]
        lie = {"best": self._chance.choice([*pages, None]), "also": [self._chance.choice(pages)], "sure": 1.0}
        words = [json.dumps(lie)] * 4 + ["I would take the second page.", "\0{{{", "", "[1, 2]" * 1000]
        failures: list[str | Response] = [
            Response("gone", status_code=502),
            JSONResponse({"error": "no"}, status_code=429),
            completion(None),
        ]
        return self._chance.choice([*failures, *words])

    async def hang(self) -> None:
        """Hang in one of eight cases."""
        if self._chance.random() < 1 / 8:
            await asyncio.sleep(HANGS)
