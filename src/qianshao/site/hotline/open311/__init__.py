"""The hotline by Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): other people's apps report and follow up.

Whoever asks sees only what came in this way and was not asked to be kept secret, and of it nothing a citizen
wrote: class, state, unit and dates. Sending needs an api_key (``qianshao hotline key add``).
"""
