"""Markdown of bots and agents, as HTML that is safe to put into anybody's page."""

from collections.abc import Sequence
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from channels.rich_text.document import parser_of

TEXT_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
HEADING_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = TEXT_TAGS | HEADING_TAGS | TABLE_TAGS
#: What a tag may carry; `rel` and `target` of a link are set by us.
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
URL_SCHEMES = {"http", "https", "mailto", "tel"}

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=URL_SCHEMES,
    url_relative="deny",  # a relative link would lead into the page that embeds the chat
    link_rel="noopener nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def render(text: str, *, as_typed: bool = False) -> str:
    """HTML of a Markdown text; HTML in it shows as the text it is, images become links.

    `as_typed` is for what people type, as `channels.rich_text.document.parse` has it.
    """
    return _CLEANER.clean(_parser(as_typed=as_typed).render(text)).strip()


def _parser(*, as_typed: bool) -> MarkdownIt:
    parser = parser_of(as_typed=as_typed)
    parser.add_render_rule("image", _image_as_link)
    return parser


def _image_as_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:  # the signature of a render rule
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    name = escape(renderer.renderInlineAsText(token.children or [], options, env) or address)
    before = [earlier.type for earlier in tokens[:index]]
    if before.count("link_open") > before.count("link_close"):
        return name
    return f'<a href="{escape(address)}">{name}</a>'
