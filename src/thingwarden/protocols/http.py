"""HTTP/1 messages -> requests with their answers (RFC 9112)."""

from thingwarden.tables import FLAG, SMALL, TEXT, WHOLE, column, exchange_table

HTTP = exchange_table(
    "http",
    "one row per HTTP request with its answer",
    (
        column("method", TEXT, "request method"),
        column("host", TEXT, "Host header, lower case, without port"),
        column("path", TEXT, "path without query, at most 200 characters"),
        column("has_query", FLAG, "a query string was sent (it is not kept)"),
        column("user_agent", TEXT, "User-Agent header"),
        column(
            "credentials",
            TEXT,
            "basic, digest, bearer, other, form (a password field in a form, JSON "
            "or query); null if none",
        ),
        column("request_type", TEXT, "Content-Type of the request, without parameters"),
        column("request_bytes", WHOLE, "Content-Length of the request"),
        column("status", SMALL, "status code of the answer"),
        column("server", TEXT, "Server header"),
        column("answer_type", TEXT, "Content-Type of the answer, without parameters"),
        column("answer_bytes", WHOLE, "Content-Length of the answer"),
        column("location", TEXT, "Location header without query"),
        column("authenticate", TEXT, "scheme of WWW-Authenticate, lower case"),
        column("realm", TEXT, "realm of WWW-Authenticate"),
        column("title", TEXT, "title of an HTML page"),
        column(
            "asks_password",
            FLAG,
            "the HTML page has a password field; null if no page was seen",
        ),
    ),
)
