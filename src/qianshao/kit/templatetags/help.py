"""Help that stands beside a page: the rules behind it, and the product's words explained."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qianshao.core.duties.models import Duty
from qianshao.kernel.declare import Kind
from qianshao.kit.help import glossary, rules

register = template.Library()


@register.inclusion_tag("kit/help/rules.html", takes_context=True)
def rules_behind(context: template.Context, kind: Kind, duty: Duty | None = None) -> dict[str, Any]:
    """The ？ that opens the rules behind a kind of duty, or the editions one duty was born under."""
    found = rules.of_duty(duty, kind) if duty else rules.of_kind(kind, context["now"])
    return {"rules": found, "kind": kind, "duty": duty}


@register.simple_tag
def term(key: str) -> SafeString:
    """A word of the glossary, explained by what appears over it and by the page it leads to."""
    word, meaning = glossary.TERMS[key]
    return format_html(
        '<a class="term" href="{}#{}" title="{}">{}</a>', reverse("glossary"), key, _(meaning), _(word)
    )
