"""What schemathesis has to be told about this API. Loaded by scripts/contract.py."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: object) -> bytes:
    """A stream of contacts is described as text: text goes out as it is, and anything else as one line of JSON."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: object) -> object:
    """Whole numbers are written without a point. To JSON Schema `4.0` is an integer; the server refuses it, as most readers do
    (docs/api-design.md).
    """
    return whole(body)


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, object]) -> None:
    """Two things that no description of single parameters says: Parquet is written by a program that was built with it, and
    `from` and `since`, `to` and `until` are two names of one bound, of which one is given.
    """
    query = case.query
    if not isinstance(query, dict):
        return
    if query.get("format") == "parquet":
        query["format"] = "csv"
    for one, other in (("from", "since"), ("to", "until")):
        if one in query and other in query:
            del query[other]


def whole(value: object) -> object:
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
