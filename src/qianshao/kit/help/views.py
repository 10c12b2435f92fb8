"""The page of the product's words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .glossary import TERMS


@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """Every word with its meaning; each can be linked to."""
    terms = [{"key": key, "word": word, "meaning": meaning} for key, (word, meaning) in TERMS.items()]
    return render(request, "kit/help/glossary.html", {"terms": terms})
