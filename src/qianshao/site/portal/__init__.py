"""The public portal (公众门户): ask for information and follow it, published rates, policies, open data.

Everything here is open to anybody and shows nothing personal: counts, published documents, and to whoever
holds a request's number and code how that one request stands.
"""
