import re
import uuid
from typing import Self

import httpx


class WebAgent:
    """An agent at the console, by its forms."""

    def __init__(self, invitation: str) -> None:
        """Accept the invitation, which signs in."""
        url, token = invitation.split("/console/invite?token=")
        self._http = httpx.Client(base_url=url, follow_redirects=True)
        self._send(
            f"/console/invite?token={token}",
            "/console/invite",
            token=token,
            name="Alva",
            email="alva@example.com",
            password="correct horse battery",
            again="correct horse battery",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def waiting(self) -> list[int]:
        """The numbers of the cases in the queue."""
        return [int(number) for number in re.findall(r'href="/console/cases/(\d+)', self.reads("/console/"))]

    def reads(self, path: str) -> str:
        """A page, as HTML."""
        return self._http.get(path).raise_for_status().text

    def replies(self, case: int, text: str) -> str:
        """Send the customer a reply; the page of the case afterwards."""
        page = f"/console/cases/{case}"
        return self._send(page, f"{page}/lines", kind="reply", text=text, key=str(uuid.uuid4()))

    def _send(self, page: str, path: str, **fields: str) -> str:
        form = re.search(r'name="csrf" value="([^"]+)"', self.reads(page))
        assert form
        return self._http.post(path, data={"csrf": form[1], **fields}).raise_for_status().text
