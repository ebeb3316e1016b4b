"""Tells schemathesis which codes of Chancery say that the caller erred; it takes those that it does not know for
failures of the server. INTERNAL and TIMEOUT are not among them."""

from schemathesis.specs.graphql import validation

CODES = {"NOT_FOUND", "FORBIDDEN", "CONFLICT", "QUERY_TOO_COMPLEX", "RATE_LIMITED"}
validation.CLIENT_ERROR_MARKERS |= CODES
